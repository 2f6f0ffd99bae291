//! `GET /slack/install` and `GET /slack/oauth`: installing a platform's app into several workspaces.

use std::future::ready;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    rt::task::spawn_blocking,
    web::{Data, ServiceConfig},
};
use tracing::{info, warn};

use super::{Service, fixed, hook::now, page, problem::Problem, reply, wants::Wants};
use crate::chat::{Adapter, Platforms, install::accepted};

/// The two addresses, of every platform for which installing is switched on.
pub(crate) fn routes(config: &mut ServiceConfig, platforms: &Platforms) {
    for platform in platforms.iter().filter(|platform| platform.install().is_some()) {
        let (name, beginner, finisher) = (platform.kind().name, platform.clone(), platform.clone());
        config.service(fixed(&format!("/{name}/install"), move || ready(begin(&*beginner)))).service(fixed(
            &format!("/{name}/oauth"),
            move |request: HttpRequest, service: Data<Service>| {
                let platform = finisher.clone();
                async move { finish(&*platform, request, service).await }
            },
        ));
    }
}

/// Sends somebody who wants to install to the platform.
fn begin(platform: &dyn Adapter) -> HttpResponse {
    let Some(place) = platform.install().and_then(|install| install.authorize(now())) else {
        return reply::problem(&Problem::NotFound("There is nothing at this address.".into(), Vec::new()), Wants::Html);
    };
    HttpResponse::Found()
        .insert_header((header::LOCATION, place))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

/// Takes somebody who comes back from the platform, and finishes the install. The token at its end is thrown away.
async fn finish(platform: &dyn Adapter, request: HttpRequest, service: Data<Service>) -> HttpResponse {
    let Some(install) = platform.install() else { return again("installing is not switched on") };
    let parameter = |wanted: &str| {
        let mut values = form_urlencoded::parse(request.query_string().as_bytes()).filter(|(name, _)| name == wanted);
        values.next().map(|(_, value)| value.into_owned())
    };
    let state = parameter("state").unwrap_or_default();
    if install.check(&state, now()).is_err() {
        return again("the link was not one of ours, or older than ten minutes");
    }
    if parameter("error").is_some() {
        return again("it was called off in Slack");
    }
    let Some(code) = parameter("code") else { return again("Slack sent no code") };
    if *request.method() == Method::HEAD {
        // The code is good for once, and who only looks is not to use it up.
        return reply::page(String::new());
    }
    let (agent, url, form) = (service.courier.agent(), install.access(), install.exchange(&code));
    let answer = spawn_blocking(move || {
        let mut response = agent.post(&url).content_type("application/x-www-form-urlencoded").send(&form[..]).ok()?;
        // Slack's answer is small; what is larger is none.
        response.body_mut().with_config().limit(64 * 1024).read_to_vec().ok()
    });
    match answer.await.ok().flatten().map(|answer| accepted(&answer)) {
        Some(Ok(())) => {
            info!(platform = platform.kind().name, "installed into a workspace");
            let done = "Saywell is installed. Go back to Slack and type /saywell.";
            reply::page(page::problem("Installed", done, &[]))
        }
        Some(Err(word)) => {
            warn!(platform = platform.kind().name, error = word, "not installed");
            again("Slack did not take the code")
        }
        None => again("Slack did not answer"),
    }
}

fn again(why: &str) -> HttpResponse {
    let what = format!("Saywell was not installed: {why}. Please start again.");
    reply::problem(&Problem::Parameter(what, Vec::new()), Wants::Html)
}
