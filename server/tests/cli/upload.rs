//! What uploads cost the machine.

use std::{io::Cursor, thread};

use image::{ImageFormat, Rgb, RgbImage};

use crate::{
    hostile_pictures,
    process::peak_memory,
    site::{Person, Site},
};

/// How many people upload at the same time.
const PEOPLE: usize = 20;
/// How much more memory hostile pictures may take than harmless ones of the same size, in bytes.
const GROWTH_MAX: usize = 64 * 1024 * 1024;

/// Has all `people` upload `file` at the same time, and returns what each was answered.
fn upload(people: &[Person], file: &[u8]) -> Vec<u16> {
    thread::scope(|scope| {
        let uploads: Vec<_> = people
            .iter()
            .map(|person| scope.spawn(|| person.upload(file).unwrap().status))
            .collect();
        uploads.into_iter().map(|upload| upload.join().unwrap()).collect()
    })
}

/// A picture that no format makes much smaller than a megabyte.
fn noise() -> Vec<u8> {
    let mut seed = 1_u32;
    let image = RgbImage::from_fn(600, 600, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb(seed.to_be_bytes()[..3].try_into().unwrap())
    });
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

// UPL-02, P7
#[test]
fn hostile_metadata_is_refused_or_dropped_and_twenty_uploads_of_it_cost_no_more_than_others() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::start(&folder, &[]);
    let people: Vec<Person> = (0..PEOPLE)
        .map(|number| site.member(&format!("person{number}")))
        .collect();
    assert_eq!(upload(&people, &noise()), [303; PEOPLE]);
    let before = peak_memory(&site);
    for hostile in hostile_pictures::all() {
        let status = if hostile.is_refused { 422 } else { 303 };
        assert_eq!(
            upload(&people, &hostile.bytes),
            [status; PEOPLE],
            "{}",
            hostile.name
        );
        let growth = peak_memory(&site) - before;
        println!("{}: {growth} bytes more by now", hostile.name);
        assert!(growth < GROWTH_MAX, "{} took {growth} bytes", hostile.name);
    }
    site.end();
}
