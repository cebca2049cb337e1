//! Whatever happens to a connection: whenever a run is due and allowed, something is scheduled that starts it.

use proptest::prelude::*;

use super::*;

/// What may befall a connection, one after the other.
#[derive(Clone, Debug)]
enum Event {
    Arrive,
    /// One of the runs under way ends like this.
    End(Ending),
    /// Time passes, in milliseconds, up to the moment at which the dispatcher wakes by itself.
    Pass(u64),
    /// The timer fires.
    Wake,
    Limit(usize),
    /// The probes from here on are answered, or not.
    Answers(bool),
    StoreFails,
    Mended,
    TryNow,
}

#[derive(Clone, Debug)]
enum Ending {
    Done,
    Unasked,
    Failed { retry_after: u64 },
    Blocked,
    StoreFailed,
}

impl Ending {
    fn contact(&self) -> Contact {
        match self {
            Self::Done => Contact::Fine,
            Self::Unasked => Contact::None,
            Self::Failed { retry_after } => {
                Contact::Failed { reason: "away".to_owned(), retry_after: Duration::from_secs(*retry_after) }
            }
            Self::Blocked => Contact::Blocked("refused".to_owned()),
            Self::StoreFailed => Contact::StoreFailed,
        }
    }
}

fn event() -> impl Strategy<Value = Event> {
    let ending = prop_oneof![
        6 => Just(Ending::Done),
        1 => Just(Ending::Unasked),
        4 => prop_oneof![Just(0), 1_u64..5, Just(3600)].prop_map(|retry_after| Ending::Failed { retry_after }),
        1 => Just(Ending::Blocked),
        1 => Just(Ending::StoreFailed),
    ];
    prop_oneof![
        6 => Just(Event::Arrive),
        10 => ending.prop_map(Event::End),
        3 => (0_u64..20_000).prop_map(Event::Pass),
        4 => Just(Event::Wake),
        1 => (1_usize..=8).prop_map(Event::Limit),
        1 => any::<bool>().prop_map(Event::Answers),
        1 => Just(Event::StoreFails),
        1 => Just(Event::Mended),
        1 => Just(Event::TryNow),
    ]
}

/// A connection whose database and site are numbers.
struct Model {
    schedule: Schedule,
    now: Moment,
    limit: usize,
    answers: bool,
    queued: usize,
    /// When each waiting run goes on; `None` until a person acts.
    waiting: Vec<Option<Moment>>,
    in_flight: usize,
    ended: usize,
    /// Until when the site asked to be left alone, as the test counts it.
    asked_until: Moment,
    wait: Wait,
}

impl Model {
    fn new(limit: usize) -> Self {
        let wait = Wait { until: None, hears_arrivals: true };
        let mut model = Self {
            schedule: Schedule::new(),
            now: Moment::from_millis(1_000_000),
            limit,
            answers: true,
            queued: 0,
            waiting: Vec::new(),
            in_flight: 0,
            ended: 0,
            asked_until: Moment::FIRST,
            wait,
        };
        model.round();
        model
    }

    fn is_stuck_until_a_person_acts(&self) -> bool {
        self.schedule.health == Health::Blocked
    }

    /// As the dispatcher's own round, with numbers for the database and the site.
    fn round(&mut self) {
        self.schedule.begin_round();
        for _ in 0..1000 {
            match self.schedule.next(self.now, self.in_flight) {
                Next::Wait(wait) => {
                    self.wait = wait;
                    return self.check();
                }
                Next::TakeUp(_) => self.schedule.taken_up(),
                Next::Recover => self.recover(),
                Next::PutOff => {
                    self.waiting.extend(std::iter::repeat_n(None, std::mem::take(&mut self.queued)));
                    self.schedule.put_off();
                }
                Next::Probe => {
                    let answer = if self.answers { Ok(()) } else { Err("away".to_owned()) };
                    self.schedule.probed(self.now, answer);
                }
                Next::Limit => self.schedule.limited_to(self.limit),
                Next::Start => self.start(),
                Next::Hasten => match self.waiting.first_mut() {
                    Some(first) => {
                        *first = Some(self.now);
                        self.schedule.hastened();
                    }
                    None => self.recover(),
                },
            }
        }
        panic!("a round that never ends: {:?}", self.schedule);
    }

    fn recover(&mut self) {
        self.waiting.fill(Some(self.now));
        self.schedule.recovered();
    }

    fn start(&mut self) {
        let due = self.waiting.iter().position(|at| at.is_some_and(|at| at <= self.now));
        match due {
            Some(at) => drop(self.waiting.remove(at)),
            None if self.queued > 0 => self.queued -= 1,
            None => return self.schedule.drained(self.waiting.iter().flatten().min().copied()),
        }
        assert!(self.now >= self.asked_until, "the site asked to be left alone: {:?}", self.schedule);
        self.in_flight += 1;
        let is_trial = matches!(self.schedule.health, Health::Trial { .. });
        let limit = if is_trial { 1 } else { self.limit };
        assert!(self.in_flight <= limit, "more than may be: {:?}", self.schedule);
    }

    /// Something is scheduled, or nothing is there to be started.
    fn check(&self) {
        let has_runs = self.queued > 0 || self.waiting.iter().flatten().next().is_some();
        let is_scheduled = self.in_flight > 0 || self.wait.until.is_some();
        assert!(
            !has_runs || is_scheduled || self.is_stuck_until_a_person_acts(),
            "nothing will ever start what is there: {:?} {:?} {} queued",
            self.schedule,
            self.waiting,
            self.queued
        );
        assert!(self.wait.until.is_none_or(|until| until > self.now), "it would spin: {:?}", self.schedule);
        let excused = self.schedule.excused_until(self.now, self.wait, self.in_flight);
        assert!(
            excused != Moment::LAST || self.is_stuck_until_a_person_acts(),
            "nobody would ever hear of it: {:?}",
            self.schedule
        );
    }

    fn end(&mut self, ending: &Ending) {
        if self.in_flight == 0 {
            return;
        }
        self.in_flight -= 1;
        match ending {
            Ending::Done | Ending::Unasked => self.ended += 1,
            Ending::Failed { retry_after } => {
                let asked = Duration::from_secs(*retry_after);
                if !asked.is_zero() {
                    self.asked_until = self.asked_until.max(self.now + asked);
                }
                self.waiting.push(Some(self.now + asked.max(Duration::from_secs(5))));
            }
            Ending::Blocked => self.waiting.push(None),
            // It is marked as under way still, and is taken up.
            Ending::StoreFailed => self.waiting.push(Some(self.now)),
        }
        self.schedule.ended(ending.contact(), self.now);
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Arrive => {
                self.queued += 1;
                if !self.wait.hears_arrivals {
                    return;
                }
            }
            Event::End(ending) => self.end(ending),
            Event::Pass(millis) => {
                let later = self.now + Duration::from_millis(*millis);
                self.now = self.wait.until.map_or(later, |until| later.min(until));
                // It sleeps on.
                if self.wait.until != Some(self.now) {
                    return;
                }
            }
            Event::Wake => match self.wait.until {
                Some(until) => self.now = until,
                None => return,
            },
            Event::Limit(limit) => {
                // As when the connection is saved.
                self.limit = (*limit).max(self.in_flight);
                self.asked_until = Moment::FIRST;
                self.schedule.mended();
            }
            Event::Answers(answers) => self.answers = *answers,
            Event::StoreFails => self.schedule.store_failed(self.now),
            Event::Mended => {
                self.asked_until = Moment::FIRST;
                self.schedule.mended();
            }
            Event::TryNow => {
                self.asked_until = Moment::FIRST;
                self.schedule.try_now(self.now);
            }
        }
        self.round();
    }

    /// From here on everything goes well, and nothing happens but what is under way ending and timers firing.
    fn drain(&mut self) {
        self.answers = true;
        let began = self.now;
        for _ in 0..10_000 {
            let has_runs = self.queued + self.waiting.len() > 0;
            if self.in_flight > 0 {
                self.end(&Ending::Done);
            } else if !has_runs || self.is_stuck_until_a_person_acts() {
                let took = self.now.since(began);
                assert!(took <= Duration::from_secs(2 * 3600 + 60), "it took {took:?}");
                return;
            } else {
                let until = self.wait.until.unwrap_or_else(|| panic!("it stands still: {:?}", self.schedule));
                self.now = self.now.max(until);
            }
            self.round();
        }
        panic!("it never ended: {:?}", self.schedule);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_run_that_is_due_and_allowed_is_started(
        limit in 1_usize..=8,
        events in prop::collection::vec(event(), 0..80),
    ) {
        let mut model = Model::new(limit);
        for event in &events {
            model.happen(event);
        }
        model.drain();
        let left = model.queued + model.waiting.len();
        prop_assert!(left == 0 || model.is_stuck_until_a_person_acts(), "{left} runs are left");
    }
}

#[test]
fn one_answer_that_asks_to_wait_leaves_a_timer_however_many_ran() {
    for limit in 1..=8 {
        let mut model = Model::new(limit);
        for _ in 0..30 {
            model.happen(&Event::Arrive);
        }
        assert_eq!(model.in_flight, limit);
        model.happen(&Event::End(Ending::Failed { retry_after: 2 }));
        assert_eq!(
            model.schedule.trouble(model.now),
            Some(("away", Some(model.now + Duration::from_secs(2))))
        );
        while model.in_flight > 0 {
            model.happen(&Event::End(Ending::Done));
        }
        assert_eq!(model.wait.until, Some(model.now + Duration::from_secs(2)));
        model.happen(&Event::Wake);
        assert_eq!(model.in_flight, limit, "it goes on by itself");
        assert_eq!(model.schedule.trouble(model.now), None);
    }
}
