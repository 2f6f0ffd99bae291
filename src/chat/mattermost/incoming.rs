//! What Mattermost sends. Only what is wanted is read; every field is optional unless we cannot do without it, unknown
//! ones are ignored, and the four that a command repeats for each mention (`user_mentions` and its like) are among them.

use std::{borrow::Cow, collections::BTreeMap};

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    Letter, Mattermost, is_hook, outgoing,
    seal::{Meaning, Purpose, Talk},
};
use crate::{
    chat::{
        Call, Delivery, Event, Gesture, Refusal,
        form::{fields, keep},
        proof::{Proof, Proved, sole},
    },
    say::ask::{Ask, enter},
};

/// The fields of a command that we want.
#[derive(Deserialize, Default)]
struct Typed<'a> {
    #[serde(borrow)]
    token: Option<Cow<'a, str>>,
    #[serde(borrow)]
    command: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    team_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    response_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    trigger_id: Option<Cow<'a, str>>,
}

impl<'a> Typed<'a> {
    /// From JSON, from a form, or from the query, where there is no body.
    fn read(delivery: Delivery<'a>) -> Result<Self, Refusal> {
        let Delivery { headers, query, body, .. } = delivery;
        if is_json(headers) {
            return serde_json::from_slice(body).map_err(|_| Refusal::Unreadable);
        }
        let mut typed = Self::default();
        for field in fields(if body.is_empty() { query.as_bytes() } else { body })? {
            let field = field?;
            let place = match &*field.name {
                "token" => &mut typed.token,
                "command" => &mut typed.command,
                "text" => &mut typed.text,
                "user_id" => &mut typed.user_id,
                "team_id" => &mut typed.team_id,
                "response_url" => &mut typed.response_url,
                "trigger_id" => &mut typed.trigger_id,
                _ => continue,
            };
            keep(place, &field)?;
        }
        Ok(typed)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The token of a command: among its fields, in `Authorization: Token …`, or in both and the same. What else may stand in
/// that header (`Bearer …`, where the server has an OAuth connection for us) says nothing about the token.
fn token<'a>(headers: &'a HeaderMap, field: Option<&'a str>) -> Result<&'a str, Refusal> {
    let header = if headers.contains_key(AUTHORIZATION) { sole(headers, AUTHORIZATION.as_str())? } else { "" };
    let header = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("token"));
    match (field, header) {
        (Some(field), Some((_, token))) if field != token => Err(Refusal::Unproved),
        (Some(token), _) | (None, Some((_, token))) => Ok(token),
        (None, None) => Err(Refusal::Unproved),
    }
}

/// Proves and reads a command.
pub(super) fn command(mattermost: &Mattermost, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
    let typed = Typed::read(delivery);
    let field = typed.as_ref().ok().and_then(|typed| typed.token.as_deref());
    let (proof, place) = mattermost.tokens.known(token(delivery.headers, field)?)?;
    let typed = typed?;
    // Only to the site of this very token, whatever it says.
    let site = mattermost.sites.get(place).and_then(Option::as_deref);
    let to = typed.response_url.filter(|url| site.is_some_and(|site| is_hook(url, site)));
    let talk = Talk {
        to: to.map(Cow::into_owned),
        since: delivery.at,
        at: delivery.at,
        used: 0,
        user: typed.user_id.unwrap_or_default().into_owned(),
        team: typed.team_id.unwrap_or_default().into_owned(),
    };
    let ask = Ask {
        command: typed.command.ok_or(Refusal::Unreadable)?.trim_start_matches('/').to_owned(),
        text: typed.text.unwrap_or_default().into_owned(),
    };
    Ok(talk.call(proof, ask, Gesture::Typed, typed.trigger_id))
}

/// A click or a choice.
#[derive(Deserialize)]
struct Click<'a> {
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    trigger_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    context: ReceivedContext<'a>,
}

#[derive(Deserialize)]
struct ReceivedContext<'a> {
    #[serde(borrow)]
    seal: Cow<'a, str>,
    /// The server adds what was chosen from a menu. It is an ask, as anybody could have typed it.
    #[serde(borrow)]
    selected_option: Option<Cow<'a, str>>,
}

/// Proves and reads a click: its proof stands in the JSON.
pub(super) fn click(mattermost: &Mattermost, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
    let click: Click<'_> = serde_json::from_slice(delivery.body).map_err(|_| Refusal::Unproved)?;
    let (proof, meaning) = open(mattermost, &click.context.seal, Purpose::Action, &click.user_id, delivery.at)?;
    let gesture = match meaning.does.as_str() {
        "another" | "next" | "play" | "letter" | "pick" => Gesture::Pressed,
        "fill" => Gesture::Open,
        "share" => Gesture::Shared,
        _ => return Ok(Proved::by(proof, Event::Handshake(outgoing::old_button()))),
    };
    let ask = click.context.selected_option.map_or(meaning.ask, Cow::into_owned);
    Ok(meaning.talk.call(proof, Ask::umbrella(ask), gesture, click.trigger_id))
}

/// A form that was sent, or closed.
#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    state: Cow<'a, str>,
    #[serde(borrow)]
    submission: Option<BTreeMap<Cow<'a, str>, Json>>,
    cancelled: Option<bool>,
}

/// Proves and reads a form: its proof stands in the JSON.
pub(super) fn sent(mattermost: &Mattermost, delivery: Delivery<'_>) -> Result<Proved<Event<Letter>>, Refusal> {
    let sent: Sent<'_> = serde_json::from_slice(delivery.body).map_err(|_| Refusal::Unproved)?;
    let (proof, meaning) = open(mattermost, &sent.state, Purpose::Dialog, &sent.user_id, delivery.at)?;
    if sent.cancelled == Some(true) {
        return Ok(Proved::by(proof, Event::Handshake(outgoing::taken(None))));
    }
    let mut ask = meaning.ask;
    for (name, value) in sent.submission.into_iter().flatten() {
        let value = match value {
            Json::String(words) => words,
            Json::Number(number) => number.to_string(),
            _ => continue,
        };
        enter(&mut ask, &name, &value);
    }
    Ok(meaning.talk.call(proof, Ask::umbrella(ask), Gesture::Filled, None))
}

/// Opens a seal. Where answers go must still be a site that is configured.
fn open(
    mattermost: &Mattermost,
    seal: &str,
    purpose: Purpose,
    user: &str,
    at: i64,
) -> Result<(Proof, Meaning), Refusal> {
    let buttons = mattermost.buttons.as_ref().ok_or(Refusal::Unproved)?;
    let (proof, mut meaning) = Meaning::open(seal, &buttons.keys, purpose, user, at)?;
    meaning.talk.to = meaning.talk.to.filter(|url| mattermost.site(url).is_some());
    Ok((proof, meaning))
}

impl Talk {
    fn call(self, proof: Proof, ask: Ask, gesture: Gesture, ticket: Option<Cow<'_, str>>) -> Proved<Event<Letter>> {
        let call = Call { team: self.team.clone(), user: self.user.clone(), ask, gesture };
        Proved::by(proof, Event::Call(call, Letter { talk: self, ticket: ticket.map(Cow::into_owned) }))
    }
}
