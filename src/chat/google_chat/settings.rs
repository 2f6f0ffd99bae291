//! What can be set for Google Chat.

use std::sync::Arc;

use clap::Args;

use super::{CHAT, GoogleChat};
use crate::{
    chat::{PlatformSettings, address, proof::Keys},
    checks::Checks,
};

const TRIAL: &str =
    "the keys set for Google Chat hold one that everybody has, with which anybody can sign; it is for tests alone";

/// Where the keys of Chat's own account are.
const PROJECT_KEYS: &str = "https://www.googleapis.com/service_accounts/v1/jwk/chat@system.gserviceaccount.com";
/// Where those of Google's accounts are.
const KEYS: &str = "https://www.googleapis.com/oauth2/v3/certs";

/// The settings, as they were given.
#[derive(Debug, Args)]
#[group(skip)]
#[command(next_help_heading = "Google Chat")]
#[expect(clippy::struct_field_names, reason = "they are flags of one command line with those of others")]
pub(super) struct Settings {
    /// For whom Google's tokens are: the project's number, the address of the endpoint exactly as the console has it, or
    /// several separated by commas; switches Google Chat on
    #[arg(long, env = "GOOGLE_CHAT_AUDIENCE", value_name = "AUDIENCES")]
    google_chat_audience: Option<String>,

    /// E-mail addresses of the service accounts of Google Workspace add-ons, separated by commas
    #[arg(long, env = "GOOGLE_CHAT_SERVICE_ACCOUNT", value_name = "EMAILS")]
    google_chat_service_account: Option<String>,

    /// Where the keys of Google's accounts are: an address, a file, or the keys themselves
    /// [default: https://www.googleapis.com/oauth2/v3/certs]
    #[arg(long, env = "GOOGLE_CHAT_KEYS", value_name = "ADDRESS")]
    google_chat_keys: Option<String>,

    /// Where the keys of Chat's own account are, which signs for a project's number: an address, a file, or the keys
    /// [default: https://www.googleapis.com/service_accounts/v1/jwk/chat@system.gserviceaccount.com]
    #[expect(rustdoc::broken_intra_doc_links, reason = "the documentation of a flag is its help text")]
    #[arg(long, env = "GOOGLE_CHAT_PROJECT_KEYS", value_name = "ADDRESS")]
    google_chat_project_keys: Option<String>,
}

impl PlatformSettings for Settings {
    type Platform = GoogleChat;

    /// Google Chat; none where no audience is set, or something is wrong.
    fn read(&self, checks: &mut Checks<'_>) -> Option<GoogleChat> {
        let expected = "the project's number, such as `1234567890`, or the address of the endpoint, such as \
                        `https://saywell.example.com/google-chat/events`, or several separated by commas";
        let audiences = |text: &str| parts(text, |part| is_number(part) || address(part).is_some());
        let audiences =
            checks.parsed("GOOGLE_CHAT_AUDIENCE", self.google_chat_audience.as_deref(), expected, audiences);
        let expected = "the e-mail address that the console shows, such as \
                        `service-1234567890@gcp-sa-gsuiteaddons.iam.gserviceaccount.com`";
        let emails = |text: &str| parts(text, is_account);
        let account = self.google_chat_service_account.as_deref();
        let emails = checks.parsed("GOOGLE_CHAT_SERVICE_ACCOUNT", account, expected, emails).unwrap_or_default();
        let project_keys =
            keys(checks, "GOOGLE_CHAT_PROJECT_KEYS", self.google_chat_project_keys.as_deref(), PROJECT_KEYS);
        let google_keys = keys(checks, "GOOGLE_CHAT_KEYS", self.google_chat_keys.as_deref(), KEYS);
        let (projects, addresses): (Vec<_>, Vec<_>) = audiences?.into_iter().partition(|part| is_number(part));
        // Keys that nothing is signed with are not fetched.
        let own = project_keys.filter(|_| !projects.is_empty());
        let google = google_keys.filter(|_| !addresses.is_empty());
        let keys: Vec<Arc<Keys>> = own.into_iter().chain(google).map(Arc::new).collect();
        checks.advice.extend(keys.iter().any(|keys| keys.are_published()).then_some(TRIAL));
        let emails = emails.into_iter().chain([CHAT.to_owned()]).collect();
        Some(GoogleChat { projects, addresses, emails, keys })
    }
}

/// Parts between commas, each of which has to be right.
fn parts(text: &str, is_right: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let right = |part: &str| is_right(part).then(|| part.to_owned());
    text.split(',').map(|part| right(part.trim())).collect()
}

fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_account(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.ends_with(".gserviceaccount.com"))
}

fn keys(checks: &mut Checks<'_>, name: &'static str, given: Option<&str>, default: &str) -> Option<Keys> {
    let given = given.filter(|text| !text.trim().is_empty());
    Keys::read(given.unwrap_or(default)).map_err(|expected| checks.add(name, expected)).ok()
}
