//! Any bytes as a file: containers, shapes, records. Two ways through the same content have to give the same records,
//! and limits have to hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailscan::container::{InflateBuffers, Limits, each_stream_of, first_member_of};
use trailscan::decode::{ScanBuffers, config_documents, count_without_splitting, read_records, scan_records};
use trailscan::event::EventParser;
use trailscan::input::Source;

/// Small, so that a file of some kilobytes meets them.
const LIMITS: Limits = Limits { inflated: 256 << 10, package: 512 << 10, held: 128 << 10, record: 32 << 10 };

/// What is given beyond a limit before it is noticed: a block of each decoder.
const SLACK: u64 = 4 << 20;

fuzz_target!(|file: &[u8]| {
    let source = Source::named("file.json.gz");
    let (mut buffers, mut work, mut parser) =
        (InflateBuffers::default(), ScanBuffers::default(), EventParser::default());
    let mut given = 0;
    let troubles = each_stream_of(&source, file, &LIMITS, &mut buffers, &mut |stream| {
        let whole = stream.whole().map(<[u8]>::to_vec);
        let mut records = Vec::new();
        let (_, summary) = read_records(stream, &LIMITS, &mut work, &mut |record| {
            assert!(record.text.len() <= LIMITS.record, "a record larger than the limit");
            if let Some(seen) = &record.fixed {
                check_fixed_fields(seen, record.text, &mut parser);
            }
            let _ = (record.is_unsure(), record.corrects());
            records.push((record.text.to_vec(), record.index, record.offset));
            Ok(())
        });
        assert_eq!(summary.tally.records, records.len() as u64);
        given += stream.inflated();
        let Some(whole) = whole else { return };
        let mut again = Vec::new();
        let mut chunks = whole.chunks(97);
        let fill =
            &mut |buffer: &mut Vec<u8>| chunks.next().inspect(|it| buffer.extend_from_slice(it)).is_some();
        let walked = scan_records(&mut ScanBuffers::default(), &LIMITS, fill, &mut |record| {
            again.push((record.text.to_vec(), record.index, record.offset));
            Ok(())
        });
        assert_eq!(records, again, "read at once, and by chunks");
        assert_eq!(summary, walked);
        let mut counted = 0;
        let is_counted = count_without_splitting(&whole, &LIMITS, &mut work, &mut |_| {
            counted += 1;
            true
        });
        assert!(!is_counted || counted >= records.len(), "{counted} of {} records counted", records.len());
    });
    assert!(given <= LIMITS.package + SLACK, "{given} bytes were given");
    assert!(troubles.iter().all(|trouble| !trouble.cause.is_empty()));
    each_stream_of(&source, file, &LIMITS, &mut buffers, &mut |stream| {
        config_documents(stream, &LIMITS, &mut work, &mut |document| assert!(!document.is_empty()));
    });
    let mut given = 0;
    let _ = first_member_of(file, LIMITS.inflated, &mut buffers, &mut |piece| given += piece.len() as u64);
    assert!(given <= LIMITS.inflated + SLACK);
});

/// What is seen without parsing is what the parser reads.
fn check_fixed_fields(seen: &trailscan::decode::FixedFields<'_>, text: &[u8], parser: &mut EventParser) {
    let _ = parser.read(text, |event| {
        // A text that is no UTF-8 is repaired, and one field may be there twice: what is told of these is not for here.
        let is = |seen: &[u8], field: &str| {
            let told = event.text(field).unwrap_or_default();
            let unusual = told.contains('\u{fffd}')
                || text.windows(field.len()).filter(|it| *it == field.as_bytes()).count() > 1;
            assert!(unusual || seen == told.as_bytes(), "`{field}`: {told:?}");
        };
        is(seen.name(), "eventName");
        is(seen.source(), "eventSource");
        is(seen.region(), "awsRegion");
        is(seen.account(), "recipientAccountId");
        seen.id().into_iter().for_each(|id| is(id, "eventID"));
    });
}
