//! How Google Chat is brought in.

use super::manifest::sheet;
use crate::{chat::guide::Step, say::book::Phrasebook};

/// The steps, for a service at this address.
pub(super) fn steps(book: &Phrasebook, address: &str) -> Vec<Step> {
    vec![
        Step::new(
            "Start Saywell where Google can reach it over HTTPS, with the address of its endpoint exactly as you will enter it.\n\
             There is no secret: Google signs what it sends, and Saywell fetches Google's public keys.",
        )
        .line(
            "serve",
            "the command",
            format!("GOOGLE_CHAT_AUDIENCE={address}/google-chat/events saywell serve --listen 0.0.0.0:8080"),
        ),
        Step::new(
            "You need an account of a Google Workspace. In the Google Cloud console create a project, enable the \
             **Google Chat API**, and open its **Configuration**.\n\
             The console asks whether the app is a Google Workspace add-on. Saywell serves both; an add-on stays one.",
        ),
        Step::new("Enter what this prints: the address, and every command with its id.")
            .line("sheet", "the command", format!("saywell manifest google-chat --url {address}"))
            .sheet(sheet(book, address).map_err(|whys| whys.join("\n"))),
        Step::new(
            "If the app is an add-on, start Saywell with the service account's e-mail address that the page shows, too.",
        )
        .line(
            "account",
            "the command",
            format!(
                "GOOGLE_CHAT_AUDIENCE={address}/google-chat/events \\\n\
                 GOOGLE_CHAT_SERVICE_ACCOUNT=service-…@gcp-sa-gsuiteaddons.iam.gserviceaccount.com \\\n\
                 saywell serve --listen 0.0.0.0:8080"
            ),
        ),
        Step::new(
            "Under **Visibility** name the people who may use it, and save.\n\
             In Chat add **Saywell** to a space, and type `/recover billing`: the answer is yours alone until you press **Share**.",
        ),
    ]
}
