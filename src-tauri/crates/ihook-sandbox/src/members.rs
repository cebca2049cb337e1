//! Who is in the sandbox: the same 501 invented members every time.

use ihook_imis::Party;

use crate::store::Member;

const FIRST: [&str; 40] = [
    "Amelia", "Noah", "Priya", "Mateo", "Chloé", "Yusuf", "Ingrid", "Kwame", "Sofía", "Liam", "Mei",
    "Tomasz", "Aisha", "Björn", "Fatima", "Hugo", "Leilani", "Omar", "Nadia", "Patrick", "Renée", "Samuel",
    "Thandiwe", "Viktor", "Wendy", "Xavier", "Zoë", "Dmitri", "Eleanor", "Farid", "Grace", "Henrik",
    "Isabel", "Jamal", "Keiko", "Lucas", "Maryam", "Nils", "Olivia", "Pedro",
];
const LAST: [&str; 47] = [
    "Abbott",
    "Bergström",
    "Chen",
    "Díaz",
    "Eriksen",
    "Fournier",
    "García",
    "Hassan",
    "Ivanova",
    "Johnson",
    "Kowalski",
    "Lefebvre",
    "Mbeki",
    "Nakamura",
    "O'Brien",
    "Patel",
    "Quinn",
    "Rossi",
    "Schäfer",
    "Tremblay",
    "Ueda",
    "Vargas",
    "Walker",
    "Xu",
    "Yilmaz",
    "Zhang",
    "Andersson",
    "Baptiste",
    "Castillo",
    "Dubois",
    "Edwards",
    "Fischer",
    "Gupta",
    "Hughes",
    "Ibrahim",
    "Jensen",
    "Khan",
    "Lopez",
    "Murphy",
    "Nguyen",
    "Okafor",
    "Peterson",
    "Robinson",
    "Silva",
    "Thompson",
    "Van Dyk",
    "Williams",
];
const CITY: [&str; 19] = [
    "Ottawa",
    "Toronto",
    "Montréal",
    "Vancouver",
    "Halifax",
    "Boston",
    "Chicago",
    "Austin",
    "Seattle",
    "London",
    "Dublin",
    "Paris",
    "Berlin",
    "Zürich",
    "Melbourne",
    "Auckland",
    "Nairobi",
    "Singapore",
    "São Paulo",
];
const TRADE: [&str; 11] = [
    "Engineering",
    "Dental Care",
    "Accounting",
    "Architects",
    "Nursing",
    "Logistics",
    "Planning",
    "Education",
    "Research",
    "Insurance",
    "Energy",
];
const TITLE: [&str; 5] = ["Ms.", "Mr.", "Dr.", "Mx.", "Mrs."];

/// Everybody: `10001` to `10500`, and `12345`, whom the sample payloads speak of.
pub(crate) fn everybody() -> Vec<Member> {
    let mut members: Vec<Member> = (1..=500).map(numbered).collect();
    members.push(Member {
        party: Party {
            id: "12345".to_owned(),
            name: "Ms. Ada Sample".to_owned(),
            email: Some("ada@example.org".to_owned()),
            city: Some("Ottawa".to_owned()),
            organization: false,
            status: Some("A".to_owned()),
        },
        first: "Ada".to_owned(),
        last: "Sample".to_owned(),
        uniform_id: uniform_id(12_345),
    });
    members
}

fn numbered(number: usize) -> Member {
    // Steps that share no factor with a list's length walk through the whole list before repeating.
    let pick = |list: &[&'static str], step: usize| list[(number * step) % list.len()];
    let (first, last, city) = (pick(&FIRST, 7), pick(&LAST, 11), pick(&CITY, 5));
    let id = 10_000 + number;
    let organization = number.is_multiple_of(25);
    let inactive = number.is_multiple_of(40);
    let name = if organization {
        format!("{last} {}", pick(&TRADE, 3))
    } else {
        format!("{} {first} {last}", pick(&TITLE, 2))
    };
    let mailbox = if organization {
        format!("office.{number}")
    } else {
        format!("{}.{}{number}", ascii(first), ascii(last))
    };
    // A few members have given no address.
    let email = (!number.is_multiple_of(33)).then(|| format!("{mailbox}@example.org"));
    let status = match number {
        120 => "S",
        440 => "D",
        _ if inactive => "I",
        _ => "A",
    };
    let party = Party {
        id: id.to_string(),
        name,
        email,
        city: Some(city.to_owned()),
        organization,
        status: Some(status.to_owned()),
    };
    let (first, last) = if organization { ("", "") } else { (first, last) };
    Member { party, first: first.to_owned(), last: last.to_owned(), uniform_id: uniform_id(id) }
}

fn uniform_id(id: usize) -> String {
    format!("6f0c1d2e-0000-4000-8000-{id:012}")
}

/// A name as it stands in an e-mail address.
fn ascii(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'a'..='z' => Some(letter),
            'ä' | 'ã' | 'á' => Some('a'),
            'é' | 'ë' => Some('e'),
            'í' => Some('i'),
            'ö' | 'ó' => Some('o'),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everybody_is_somebody_else_and_always_the_same() {
        let members = everybody();
        assert_eq!(members.len(), 501);
        assert_eq!(members, everybody(), "tests and people count on the same members");
        let distinct = |of: fn(&Member) -> Option<String>| {
            let all: Vec<String> = members.iter().filter_map(of).collect();
            assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        };
        distinct(|member| Some(member.party.id.clone()));
        distinct(|member| member.party.email.clone());
        distinct(|member| Some(member.uniform_id.clone()));
        assert_eq!(members.iter().filter(|member| member.party.organization).count(), 20);
        assert_eq!(members.iter().filter(|member| !member.party.is_active()).count(), 12);
        let names: HashSet<&String> = members.iter().map(|member| &member.party.name).collect();
        assert!(names.len() > 450, "names vary: {}", names.len());
        let addresses = members.iter().filter_map(|member| member.party.email.as_deref());
        assert!(addresses.into_iter().all(|email| email.is_ascii()), "addresses are plain");
    }
}
