//! Tests of the memory that uploads use. If `TEST_LONG` is set, everyone uploads each hostile picture.

use std::thread;

use crate::{
    durability::is_long,
    hostile_pictures::{self, Hostile},
    process::peak_memory,
    site::{Person, Site, png},
};

/// The number of people who upload at the same time.
const PEOPLE: usize = 20;
/// The additional memory that hostile pictures may use compared to harmless ones of the same size, in bytes.
const GROWTH_MAX: usize = 64 * 1024 * 1024;

/// Uploads a file for each of `people` at the same time; `file` returns the file for a person's number. Returns the
/// statuses of the responses.
fn upload<'a>(people: &[Person], file: impl Fn(usize) -> &'a [u8]) -> Vec<u16> {
    thread::scope(|scope| {
        let uploads: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(number, person)| (person, file(number)))
            .map(|(person, file)| scope.spawn(|| person.upload(file).unwrap().status))
            .collect();
        uploads.into_iter().map(|upload| upload.join().unwrap()).collect()
    })
}

// UPL-02, P7
#[test]
fn hostile_metadata_is_refused_or_dropped_and_twenty_uploads_of_it_cost_no_more_than_others() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let people: Vec<Person> = (0..PEOPLE)
        .map(|number| site.member(&format!("person{number}")))
        .collect();
    let hostile = hostile_pictures::all();
    // The harmless picture is as long as the longest hostile one.
    let longest = hostile.iter().map(|picture| picture.bytes.len()).max().unwrap();
    let mut harmless = png();
    harmless.resize(longest, 0);
    assert_eq!(upload(&people, |_| &harmless), [303; PEOPLE]);
    let before = peak_memory(&site);
    let growth = || peak_memory(&site) - before;
    let status = |picture: &Hostile| if picture.is_refused { 422 } else { 303 };

    let pictures: Vec<&Hostile> = hostile.iter().cycle().take(PEOPLE).collect();
    let expected: Vec<u16> = pictures.iter().map(|picture| status(picture)).collect();
    assert_eq!(upload(&people, |number| &pictures[number].bytes), expected);
    assert!(growth() < GROWTH_MAX, "together they took {} bytes", growth());
    for picture in hostile.iter().take(if is_long() { hostile.len() } else { 1 }) {
        let statuses = upload(&people, |_| &picture.bytes);
        assert_eq!(statuses, [status(picture); PEOPLE], "{}", picture.name);
        println!("{}: {} bytes more by now", picture.name, growth());
        assert!(growth() < GROWTH_MAX, "{} took {} bytes", picture.name, growth());
    }
    site.end();
}
