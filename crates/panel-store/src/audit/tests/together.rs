//! What several writers and several sealers make of one log at the same time.

use super::*;
use std::time::{Duration as StdDuration, Instant};

/// How long nothing at all may be sealed while others write.
const STANDSTILL: StdDuration = StdDuration::from_mins(1);

/// Seals as the worker does until so many rows are sealed.
///
/// Whoever waited too long for another sealer tries again, and goes on where it ended. Where nothing is near, one
/// writer may have fallen far behind the others.
fn seal_until(store: &Store, rows: i64) {
    let mut look = Look::at(at(5), Reach::Near);
    let (mut reached, mut since) = (0, Instant::now());
    while reached < rows {
        match store.write(&caller(at(5)), |az| seals::seal(az, look)) {
            Ok(some) if some.rows > 0 => look.after = look.after.max(some.last),
            Ok(_) if look.reach == Reach::Near => look = Look::at(at(5), Reach::Far),
            Ok(_) => look = Look::at(at(5), Reach::Near),
            Err(StoreError::Unavailable(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
        let sealed = seals::head(store).unwrap().map_or(0, |head| head.end.size);
        if sealed > reached {
            (reached, since) = (sealed, Instant::now());
        }
        assert!(since.elapsed() < STANDSTILL, "{reached} of {rows} rows are sealed, and no more");
    }
}

#[test]
fn several_writers_and_several_sealers_make_one_chain() {
    const WRITERS: i64 = 4;
    let full = std::env::var("PANEL_ASSURE").is_ok_and(|value| value == "full");
    on_both("seals_many", |store, conn| {
        let rows = match conn {
            _ if !full => 25,
            // A file lets one writer in after another, and each waits for the disk.
            Conn::Sqlite(_) => 5_000,
            Conn::Pg(_) => 25_000,
        };
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                scope.spawn(move || {
                    for row in 0..rows {
                        add(store, at(0) + Duration::milliseconds(row * 10 + writer));
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| seal_until(store, WRITERS * rows));
            }
        });
        assert_eq!(judge(store, &[]), Ok(WRITERS * rows));
        println!("\n[assured] one chain = {WRITERS} writers of {rows} rows, 2 sealers");
    });
}
