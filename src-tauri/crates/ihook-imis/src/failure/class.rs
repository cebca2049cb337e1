//! The one table of what can go wrong with a request that leaves the program, and what follows from it.

/// What a failure asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// It can never succeed: the step fails, and an ordered workflow goes on behind it.
    Fail,
    /// Certainly nothing was done, and it may succeed later: the run waits, and tries again by itself.
    Wait,
    /// Something may have been done: it is looked up, or left to a person where nothing can be looked up.
    Doubt,
    /// Certainly nothing was done, and it stays so until a person changes something: the run waits for that.
    Stop,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It changes nothing: it may be sent again at any time.
    Read,
    /// It may change something at the other end.
    Write,
}

impl Access {
    /// By the method: GET, HEAD and OPTIONS read (RFC 9110 section 9.2.1).
    #[must_use]
    pub fn of(method: &reqwest::Method) -> Self {
        if method.is_safe() { Self::Read } else { Self::Write }
    }
}

macro_rules! classes {
    ($(#[$doc:meta])* $($name:ident: $read:ident, $write:ident;)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the table has a line for each")]
        pub enum FailureClass {
            $($name,)*
        }

        impl FailureClass {
            /// Every one, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// What follows for a request of this kind.
            #[must_use]
            pub fn consequence(self, access: Access) -> Consequence {
                match (self, access) {
                    $(
                        (Self::$name, Access::Read) => Consequence::$read,
                        (Self::$name, Access::Write) => Consequence::$write,
                    )*
                }
            }
        }
    };
}

classes! {
    /// Why a request did not come to an answer that counts: of an iMIS client, or of an `httpRequest`.
    ///
    /// Three questions decide (docs/behavior.md#what-an-answer-means). Can it never succeed? Then it fails. May it
    /// succeed later, and was certainly nothing done? Then it waits, or stops where waiting alone changes nothing.
    /// May something have been done? Then it is in doubt; a read never is.
    ///
    /// | class              | what happened                                                        | read | write |
    /// |--------------------|----------------------------------------------------------------------|------|-------|
    /// | `NotBuilt`         | no request can be made of it: address, method, header, path          | Fail | Fail  |
    /// | `AddressRefused`   | an address of a private network that is not allowed                  | Fail | Fail  |
    /// | `SecretMissing`    | a secret that nobody entered, or that no header can carry            | Fail | Fail  |
    /// | `SecretUnreadable` | the secret store is locked or does not answer                        | Wait | Wait  |
    /// | `NameNotFound`     | the host's name does not resolve now                                 | Wait | Wait  |
    /// | `NotConnected`     | refused, unreachable, cut or out of time before anything was sent    | Wait | Wait  |
    /// | `NotTrusted`       | a certificate that is not trusted, has expired, or is another name's | Wait | Wait  |
    /// | `ProxyAway`        | the proxy is not reached, or does not lead to the host               | Wait | Wait  |
    /// | `ProxyRefused`     | the proxy asks who we are, or does not accept it (407)               | Stop | Stop  |
    /// | `Credentials`      | iMIS refuses the user name or password                               | Stop | Stop  |
    /// | `Unusable`         | the connection has no usable address, zone or password               | Stop | Stop  |
    /// | `NoToken`          | the sign-in got none, or iMIS does not take a fresh one              | Wait | Wait  |
    /// | `AskedToWait`      | 429 or 503                                                           | Wait | Wait  |
    /// | `TimedOut`         | sent, and no answer in time; 408, 504                                | Wait | Doubt |
    /// | `Cut`              | sent, and cut off before the answer's end                            | Wait | Doubt |
    /// | `ServerError`      | any other 5xx                                                        | Wait | Doubt |
    /// | `SomethingElse`    | an answer that is not iMIS's own: a page, foreign JSON, a redirect   | Wait | Doubt |
    /// | `Unproven`         | a success without the key of the record                              | Wait | Doubt |
    /// | `TakenForLater`    | the same with 202: it may still be written                           | Wait | Doubt |
    /// | `TooLong`          | the answer is longer than the limit                                  | Fail | Doubt |
    /// | `Unreadable`       | the answer is packed in a way that was not asked for                 | Fail | Doubt |
    /// | `Refused`          | iMIS says no: any other 4xx                                          | Fail | Fail  |
    ///
    /// An `httpRequest` knows no iMIS: to it, every status is an answer like any other, a redirect (which is not
    /// followed) among them. Its author says by `failOn` which ones fail the step.
    NotBuilt: Fail, Fail;
    AddressRefused: Fail, Fail;
    SecretMissing: Fail, Fail;
    SecretUnreadable: Wait, Wait;
    NameNotFound: Wait, Wait;
    NotConnected: Wait, Wait;
    NotTrusted: Wait, Wait;
    ProxyAway: Wait, Wait;
    ProxyRefused: Stop, Stop;
    Credentials: Stop, Stop;
    Unusable: Stop, Stop;
    NoToken: Wait, Wait;
    AskedToWait: Wait, Wait;
    TimedOut: Wait, Doubt;
    Cut: Wait, Doubt;
    ServerError: Wait, Doubt;
    SomethingElse: Wait, Doubt;
    Unproven: Wait, Doubt;
    TakenForLater: Wait, Doubt;
    TooLong: Fail, Doubt;
    Unreadable: Fail, Doubt;
    Refused: Fail, Fail;
}

impl FailureClass {
    /// Whether the other end may still be working on it: a record that is not there yet may come.
    #[must_use]
    pub fn may_still_come(self) -> bool {
        matches!(self, Self::TimedOut | Self::TakenForLater)
    }

    /// The class of the call that a sign-in was for: whatever became of the sign-in, the call was not sent.
    pub(crate) fn held_back(self) -> Self {
        let was_sent = self.consequence(Access::Write) == Consequence::Doubt;
        if was_sent || self == Self::Refused { Self::NoToken } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line by line as the table of the documentation has it.
    #[test]
    fn every_class_has_the_consequences_of_its_line_in_the_table() {
        let name = |consequence: Consequence| format!("{consequence:?}");
        let lines: Vec<Vec<&str>> = include_str!("class.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("/// | `"))
            .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
            .collect();
        assert_eq!(lines.len(), FailureClass::ALL.len(), "a line for each");
        for (class, line) in FailureClass::ALL.iter().zip(&lines) {
            let found = [
                format!("{class:?}"),
                name(class.consequence(Access::Read)),
                name(class.consequence(Access::Write)),
            ];
            assert_eq!(found.each_ref().map(String::as_str), [line[0], line[2], line[3]]);
        }
    }

    #[test]
    fn a_read_is_never_in_doubt_and_what_was_not_sent_is_the_same_for_both() {
        for class in FailureClass::ALL {
            let (read, write) = (class.consequence(Access::Read), class.consequence(Access::Write));
            assert_ne!(read, Consequence::Doubt, "{class:?}");
            assert!(read == write || write == Consequence::Doubt, "{class:?}");
            assert!(!class.may_still_come() || write == Consequence::Doubt, "{class:?}");
        }
    }

    #[test]
    fn a_call_whose_sign_in_failed_was_not_sent() {
        use FailureClass::{Credentials, NoToken, NotConnected};
        for class in FailureClass::ALL {
            let held = class.held_back();
            assert_eq!(held.consequence(Access::Read), held.consequence(Access::Write), "{class:?}");
        }
        let check = |class: FailureClass, expected: FailureClass| assert_eq!(class.held_back(), expected);
        check(FailureClass::TimedOut, NoToken);
        check(FailureClass::Refused, NoToken);
        check(FailureClass::TooLong, NoToken);
        check(NotConnected, NotConnected);
        check(Credentials, Credentials);
    }

    #[test]
    fn methods_read_or_write() {
        let check =
            |method: &str, access: Access| assert_eq!(Access::of(&method.parse().expect(method)), access);
        for method in ["GET", "HEAD", "OPTIONS"] {
            check(method, Access::Read);
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "MERGE"] {
            check(method, Access::Write);
        }
    }
}
