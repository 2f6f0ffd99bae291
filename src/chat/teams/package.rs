//! A zip archive whose files are stored as they are: two icons and a page of JSON need no more.

use flate2::Crc;

/// The archive of these files.
#[must_use]
pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = length(&archive);
        let about = about(name, bytes);
        archive.extend([b"PK\x03\x04".as_slice(), &about, name.as_bytes(), bytes].concat());
        // No comment, one disk, no attributes, and where the file begins.
        directory.extend([b"PK\x01\x02".as_slice(), &two(20), &about, &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = two(u16::try_from(files.len()).unwrap_or(u16::MAX));
    let (size, at) = (length(&directory), length(&archive));
    archive.extend(directory);
    archive.extend([b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &size, &at, &[0; 2]].concat());
    archive
}

/// What both places say of a file: readable since version 2.0, no flags, stored, of the first day that there is.
fn about(name: &str, bytes: &[u8]) -> Vec<u8> {
    const FIRST_DAY: u16 = 1 << 5 | 1;
    let mut crc = Crc::new();
    crc.update(bytes);
    let name = two(u16::try_from(name.len()).unwrap_or(u16::MAX));
    let size = length(bytes);
    [&two(20)[..], &[0; 6], &two(FIRST_DAY), &crc.sum().to_le_bytes(), &size, &size, &name, &two(0)].concat()
}

fn two(number: u16) -> [u8; 2] {
    number.to_le_bytes()
}

fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_its_files_and_where_they_are() {
        let archive = zip(&[("a", b"one"), ("bc", b"")]);
        assert_eq!(archive.len(), (30 + 1 + 3) + (30 + 2) + (46 + 1) + (46 + 2) + 22);
        assert_eq!(archive[14..18], [0xf1, 0x86, 0x6c, 0x7a], "its check sum");
    }
}
