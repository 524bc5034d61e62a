//! Tests that no table in the sources contains its length.

use crate::docs::{files, read};

/// The beginnings of the names of the types of numbers.
const NUMBERS: &[&str] = &["u8", "u16", "u32", "u64", "usize", "i32", "i64", "f32", "f64"];

/// Returns whether `line` declares a constant array with its length as a number, such as `const A: [&str; 3] =`. Arrays
/// of numbers, such as versions, signatures and matrices, have a fixed length.
fn has_counted_table(line: &str) -> bool {
    let Some((declaration, _)) = line.split_once(" = ") else {
        return false;
    };
    let is_constant = declaration.contains("const ") || declaration.contains("static ");
    let Some((_, array)) = declaration.split_once(": ").filter(|_| is_constant) else {
        return false;
    };
    let array = array.trim_start_matches("LazyLock<").trim_end_matches('>');
    let array = array.strip_prefix('[').and_then(|array| array.strip_suffix(']'));
    let Some((element, length)) = array.and_then(|array| array.rsplit_once("; ")) else {
        return false;
    };
    let element = element.trim_start_matches('[');
    let is_of_numbers = NUMBERS.iter().any(|number| element.starts_with(number));
    !is_of_numbers && length.parse::<usize>().is_ok()
}

#[test]
fn no_table_contains_its_length() {
    for counted in [
        "const A: [&str; 3] = [",
        "    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];",
        "pub(super) static B: LazyLock<[(&str, u8); 12]> = LazyLock::new(|| {",
    ] {
        assert!(has_counted_table(counted), "{counted}");
    }
    for other in [
        "const A: &[&str] = &[",
        "const OLDEST: [u32; 3] = [3, 51, 3];",
        "const MATRIX: [[f64; 3]; 3] = [",
        "const NAMES: &[&[u8; 4]] = &[",
        "let pair: [&str; 2] = [first, second];",
    ] {
        assert!(!has_counted_table(other), "{other}");
    }
    let mut found = Vec::new();
    for folder in ["app", "frontend", "migration", "server"] {
        for file in files(folder, &[".rs"]) {
            let text = read(&file);
            let lines = text.lines().filter(|line| has_counted_table(line));
            // The examples above are strings.
            let lines = lines.filter(|line| !line.trim_start().starts_with('"'));
            found.extend(lines.map(|line| format!("{file}: {line}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
