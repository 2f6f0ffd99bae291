//! A line to Slack: one connection after the other, the next opened before the last one ends.

use std::{rc::Rc, time::Duration};

use actix_web::rt::time::sleep;
use tokio::{sync::watch, task::JoinSet};
use tracing::{info, warn};

use super::{
    FatalError, Hub, Phase,
    open::OpenError,
    slack::Leaving,
    socket::{self, State},
};

/// The pause after a connection that worked, and the first and the longest after one that did not.
const PACE: Duration = Duration::from_millis(250);
const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// Holds a connection open until the end.
pub(super) async fn hold(hub: Rc<Hub>, number: usize) -> Result<(), FatalError> {
    let mut sockets = JoinSet::new();
    let mut failures = 0;
    while *hub.phase.borrow() == Phase::Running {
        let held = tokio::select! {
            held = connection(&hub, number, &mut sockets) => held,
            () = hub.reached(Phase::Finishing) => break,
        };
        let (works, least) = match held {
            Ok(works) => (works, Duration::ZERO),
            Err(OpenError::Fatal(end)) => return Err(end),
            Err(error) => {
                hub.metrics.open_failures.inc();
                warn!(line = number, "no connection to Slack: {error}");
                (false, if let OpenError::Pause(least) = error { least } else { Duration::ZERO })
            }
        };
        failures = if works { 0 } else { failures + 1 };
        tokio::select! {
            () = sleep(pause(failures).max(least)) => {}
            () = hub.reached(Phase::Finishing) => {}
        }
    }
    while sockets.join_next().await.is_some() {}
    Ok(())
}

/// Opens a connection and stays with it until another is needed; whether it worked.
async fn connection(hub: &Rc<Hub>, number: usize, sockets: &mut JoinSet<()>) -> Result<bool, OpenError> {
    let socket = hub.api.open().await?;
    let (tell, mut state) = watch::channel(State::Opened);
    sockets.spawn_local(socket::serve(hub.clone(), socket, tell));
    // Those that have ended by now.
    while sockets.try_join_next().is_some() {}
    let first = state.wait_for(|state| *state != State::Opened).await.map(|state| *state);
    let greeted = matches!(first, Ok(State::Greeted | State::Leaving(_)));
    if greeted {
        info!(line = number, "connected to Slack");
        hub.metrics.opened.inc();
        // It tells before it goes.
        let _ = state.wait_for(|state| *state != State::Greeted).await;
    }
    let last = *state.borrow();
    match last {
        State::Leaving(Leaving::Refresh) => info!(line = number, "{}", Leaving::Refresh),
        State::Leaving(why) => warn!(line = number, "{why}"),
        State::Ended(how) => warn!(line = number, "the connection has ended: {}", how.name()),
        State::Opened | State::Greeted => {}
    }
    Ok(greeted && !matches!(last, State::Leaving(Leaving::Disabled | Leaving::TooMany)))
}

/// After so many failures in a row: twice as long after each, up to a bound, and never the same, so that many who lost
/// their connections at once do not come back at once.
pub(super) fn pause(failures: u32) -> Duration {
    let most = match failures {
        0 => PACE,
        _ => FIRST.saturating_mul(1 << (failures - 1).min(16)).min(LONGEST),
    };
    most.mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_are_never_quite_the_same() {
        for (failures, most) in
            [(0, 250), (1, 500), (2, 1_000), (5, 8_000), (7, 30_000), (60, 30_000), (u32::MAX, 30_000)]
        {
            let most = Duration::from_millis(most);
            let pauses: Vec<Duration> = (0..100).map(|_| pause(failures)).collect();
            assert!(pauses.iter().all(|pause| (most / 2..=most).contains(pause)), "{failures}: {pauses:?}");
            assert!(pauses.iter().any(|pause| *pause != pauses[0]));
        }
    }
}
