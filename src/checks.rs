//! Settings as they are checked: every one that is wrong, and what several of them share.

use std::{io::ErrorKind, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// A setting that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name}: {expected}")]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What was expected, in words.
    pub expected: String,
}

/// What is found while settings are read.
pub struct Checks<'e> {
    /// Every setting that is wrong.
    pub faults: Vec<ConfigError>,
    /// What is on but could do more, to be said at start.
    pub advice: Vec<&'static str>,
    /// The secrets of our own signatures, the first of which signs.
    pub own: Option<Vec<SecretString>>,
    /// The address under which platforms reach the service.
    pub public: Option<String>,
    /// Reads an environment variable, for the `…_FILE` forms.
    get: &'e dyn Fn(&str) -> Option<String>,
}

impl<'e> Checks<'e> {
    /// Nothing found so far; `get` reads an environment variable.
    #[must_use]
    pub fn new(get: &'e dyn Fn(&str) -> Option<String>) -> Self {
        Self { faults: Vec::new(), advice: Vec::new(), own: None, public: None, get }
    }

    /// A setting that is wrong, and what was expected.
    pub fn add(&mut self, name: &'static str, expected: impl Into<String>) {
        self.faults.push(ConfigError { name, expected: expected.into() });
    }

    /// A value of a setting; none where it is not set, or wrong.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        given: Option<&str>,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        // Compose passes an empty variable for one that is not set.
        let text = given.filter(|text| !text.trim().is_empty())?;
        let value = parse(text.trim());
        if value.is_none() {
            self.add(name, format!("expected {expected}, found `{text}`"));
        }
        value
    }

    /// Whether a switch is on.
    pub fn switch(&mut self, name: &'static str, switch: &Switch) -> bool {
        if let Switch::Unclear(text) = switch {
            self.add(name, format!("expected `true` or `false`, found `{text}`"));
        }
        *switch == Switch::On
    }

    /// Secrets from the setting or from the file that `NAME_FILE` points to; `None` where neither is set.
    pub fn secrets(&mut self, name: &'static str, given: Option<&str>) -> Option<Vec<SecretString>> {
        let file = (self.get)(&format!("{name}_FILE")).filter(|path| !path.trim().is_empty());
        let text = match (given, file) {
            (Some(_), Some(_)) => {
                self.add(name, format!("expected either {name} or {name}_FILE, found both"));
                return None;
            }
            (Some(text), None) => text.to_owned(),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => text.strip_suffix('\n').map(|text| text.trim_end_matches('\r').to_owned()).unwrap_or(text),
                Err(error) => {
                    let fault = match error.kind() {
                        ErrorKind::InvalidData => "it is no UTF-8".to_owned(),
                        _ => error.to_string(),
                    };
                    self.add(name, format!("expected a readable file in {name}_FILE: {fault}"));
                    return None;
                }
            },
            (None, None) => return None,
        };
        // Some editors begin a file with a byte order mark.
        let text = text.trim_start_matches('\u{feff}');
        let secrets: Vec<&str> = text.split(',').map(str::trim).collect();
        if let Some(fault) = secrets.iter().find_map(|secret| pasted(name, secret)) {
            self.add(name, fault);
            return None;
        }
        Some(secrets.into_iter().map(SecretString::from).collect())
    }

    /// One secret, not several.
    pub fn secret(&mut self, name: &'static str, given: Option<&str>) -> Option<SecretString> {
        let secrets = self.secrets(name, given)?;
        if secrets.len() > 1 {
            self.add(name, "expected one secret, found several");
        }
        secrets.into_iter().next()
    }

    /// The keys of our own signatures, for all that need them.
    pub fn own_secrets(&mut self, given: Option<&str>) {
        self.own = self.secrets("SAYWELL_SECRET", given);
        if self.own.iter().flatten().any(|secret| secret.expose_secret().len() < 16) {
            self.add("SAYWELL_SECRET", "expected at least 16 characters");
        }
    }
}

/// What came along when a secret was pasted, and would have every signature refused.
fn pasted(name: &str, secret: &str) -> Option<String> {
    const QUOTES: [char; 11] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '‚', '«', '»'];
    if secret.is_empty() {
        return Some("expected a secret, or several separated by commas; found an empty one".into());
    }
    if secret.starts_with(QUOTES) || secret.ends_with(QUOTES) {
        return Some("expected a secret without quotation marks around it; found some, so take them away".into());
    }
    if secret.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('=')) {
        return Some(format!("expected the secret alone; found `{name}=` before it, so take that away"));
    }
    let is_hidden = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    if secret.contains(is_hidden) {
        return Some(
            "expected a secret on one line; found another line in it, or a character that cannot be seen".into(),
        );
    }
    None
}

/// A setting that is on or off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Switch {
    /// Off.
    #[default]
    Off,
    /// On.
    On,
    /// Neither, as it was given.
    Unclear(String),
}

impl From<&str> for Switch {
    fn from(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "t" | "y" => Self::On,
            "false" | "no" | "off" | "0" | "f" | "n" => Self::Off,
            _ => Self::Unclear(text.to_owned()),
        }
    }
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// `5s`, `500ms`, `2min`.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.trim().parse().ok()?;
    match text.get(digits.len()..)? {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "min" | "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
        _ => None,
    }
    .filter(|duration| *duration <= Duration::from_hours(1))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_secret() {
        let given = Some("\u{feff}first,second");
        let secrets = Checks::new(&|_| None).secrets("SAYWELL_SECRET", given).unwrap();
        assert_eq!(secrets.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), ["first", "second"]);
    }
}
