//! The log's way out, on which nobody ever waits: a full pipe or a stalled disk behind it must not stop a request.
//!
//! Lines go through a bounded queue to a thread of their own. What has no room is counted and dropped. At the end the
//! queue is waited for, but no longer than somebody says.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::AsFd as _,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use prometheus::IntCounter;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that wait at most: less than a megabyte of them.
const WAITING: usize = 2048;

/// The log; a copy writes to the same place.
#[derive(Clone)]
pub struct Log {
    queue: SyncSender<Entry>,
    dropped: IntCounter,
}

enum Entry {
    Line(Vec<u8>),
    /// Everything before this has been written: tell who asked.
    End(SyncSender<()>),
}

impl Log {
    /// A log that writes to standard error.
    ///
    /// # Errors
    /// The system's own.
    pub fn to_stderr() -> io::Result<Self> {
        // A handle of its own: the standard library's has a lock, and whoever stalls would hold it.
        let out = io::stderr().as_fd().try_clone_to_owned().ok().map(File::from);
        Self::to(out)
    }

    fn to(out: Option<impl Write + Send + 'static>) -> io::Result<Self> {
        let (queue, waiting) = sync_channel(WAITING);
        thread::Builder::new().name("log".into()).spawn(move || write(out, &waiting))?;
        let dropped =
            IntCounter::new("saywell_log_lines_dropped_total", "Lines of the log for which there was no room");
        Ok(Self { queue, dropped: dropped.map_err(io::Error::other)? })
    }

    /// Counts the lines that were dropped.
    #[must_use]
    pub fn dropped(&self) -> &IntCounter {
        &self.dropped
    }

    /// Waits until every line is written, but no longer than `most`.
    pub fn finish(&self, most: Duration) {
        /// How often it tries while there is no room.
        const PAUSE: Duration = Duration::from_millis(5);
        let end = Instant::now() + most;
        let (written, all) = sync_channel(1);
        let mut entry = Entry::End(written);
        while let Err(TrySendError::Full(back)) = self.queue.try_send(entry) {
            if Instant::now() >= end {
                return;
            }
            entry = back;
            thread::sleep(PAUSE);
        }
        // Where it has not come to the end in time, the rest is lost.
        let _ = all.recv_timeout(end.saturating_duration_since(Instant::now()));
    }
}

fn write(mut out: Option<impl Write>, waiting: &Receiver<Entry>) {
    for entry in waiting {
        match (entry, &mut out) {
            // A line that cannot be written has nowhere else to go.
            (Entry::Line(line), Some(out)) => drop(out.write_all(&line)),
            (Entry::Line(_), None) => {}
            (Entry::End(written), _) => drop(written.try_send(())),
        }
    }
}

/// The formatter writes a whole line at a time.
impl Write for &Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(Entry::Line(line.to_vec())).is_err() {
            self.dropped.inc();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = &'a Log;

    fn make_writer(&'a self) -> &'a Log {
        self
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Takes nothing until it is let go.
    struct Stalled(Arc<Mutex<Vec<u8>>>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nobody_waits_for_a_reader_that_stalls_and_what_has_no_room_is_counted() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let log = Log::to(Some(Stalled(written.clone()))).unwrap();
        let stall = written.lock().unwrap();
        for _ in 0..2 * WAITING {
            (&log).write_all(b"a line\n").unwrap();
        }
        assert!(log.dropped().get() >= WAITING as u64 - 1);
        let began = Instant::now();
        log.finish(Duration::from_millis(50));
        assert!(began.elapsed() < Duration::from_secs(5));
        drop(stall);
        log.finish(Duration::from_secs(10));
        let lines = written.lock().unwrap().len() / "a line\n".len();
        assert_eq!(lines as u64 + log.dropped().get(), 2 * WAITING as u64);
    }

    #[test]
    fn every_line_is_written_before_the_end() {
        let written = Arc::new(Mutex::new(Vec::new()));
        let log = Log::to(Some(Stalled(written.clone()))).unwrap();
        for _ in 0..100 {
            (&log).write_all(b"a line\n").unwrap();
        }
        log.finish(Duration::from_secs(10));
        assert_eq!(written.lock().unwrap().len(), 700);
    }
}
