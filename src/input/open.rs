//! Opens files to be read: what was a file when it was listed, and nothing that could block for ever.
//!
//! Whoever writes to an archive while it is read can put a pipe or a link in the place of a file. So a file that was
//! listed is opened without waiting and without following a link, and looked at once it is open. What the user names
//! may be anything: a pipe of a shell, a terminal.

use super::Source;
use std::fs::{File, Metadata};
use std::io;
use std::io::Read;
use std::path::Path;

/// Opens the file of a source. The standard input has none.
///
/// # Errors
/// When the file system refuses, or what is there is no file any more.
pub fn open_file(source: &Source) -> io::Result<(File, Metadata)> {
    let Some(path) = source.path() else { return Err(io::ErrorKind::NotFound.into()) };
    if source.is_special() {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        return Ok((file, metadata));
    }
    let opened = open_without_waiting(&path, source.is_explicit() || source.is_linked());
    let (file, metadata) =
        opened.map_err(|error| if is_of_no_file(&error) { changed("no file") } else { error })?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(changed(describe_type(&metadata))) }
}

/// Reads a file that the user named, or a pipe; `None` when it has more than `most` bytes.
///
/// # Errors
/// When the file system refuses.
pub fn read_named_file(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    if is_view_of_system(path) {
        return Err(io::Error::other("it is a view of the system, not a file on a disk"));
    }
    read_within(File::open(path)?, most)
}

/// Reads a file that was found beside others; `None` when it has more than `most` bytes.
///
/// # Errors
/// When the file system refuses, or it is no file.
pub fn read_found_file(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let (file, metadata) = open_without_waiting(path, true)?;
    if !metadata.is_file() {
        return Err(io::Error::other(format!("it is {}", describe_type(&metadata))));
    }
    read_within(file, most)
}

fn read_within(file: File, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= most).then_some(content))
}

fn changed(is: &str) -> io::Error {
    io::Error::other(format!("it was a file when it was listed, and is {is} now"))
}

fn describe_type(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a directory" } else { "a pipe, a socket or a device" }
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn open_without_waiting(path: &Path, is_link_followed: bool) -> io::Result<(File, Metadata)> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    if !is_link_followed {
        flags |= OFlags::NOFOLLOW;
    }
    let file = File::options().read(true).custom_flags(flags.bits() as i32).open(path)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn open_without_waiting(path: &Path, is_link_followed: bool) -> io::Result<(File, Metadata)> {
    if !is_link_followed && path.is_symlink() {
        return Err(changed("a link"));
    }
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(changed(describe_type(&metadata)));
    }
    let file = File::open(path)?;
    Ok((file, metadata))
}

/// Whether to open failed for what stands there: a link, or a socket.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn is_of_no_file(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::LOOP, Errno::NXIO].iter().any(|it| error.raw_os_error() == Some(it.raw_os_error()))
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn is_of_no_file(_: &io::Error) -> bool {
    false
}

/// Returns whether what lies at a path is no file on a disk but a view of the system, as `/proc` and `/sys` are: to
/// read such files may wait for ever, and may do something.
#[cfg(target_os = "linux")]
pub(super) fn is_view_of_system(path: &Path) -> bool {
    /// `/proc`, `/sys`, and what is mounted below that: debugfs, tracefs, securityfs, cgroups, pstore, bpf.
    const VIEWS: [u64; 9] = [
        0x9fa0,
        0x6265_6572,
        0x6462_6720,
        0x7472_6163,
        0x7363_6673,
        0x27_e0eb,
        0x6367_7270,
        0x6165_676c,
        0xcafe_4a11,
    ];
    // The type differs by platform.
    #[allow(clippy::unnecessary_cast)]
    rustix::fs::statfs(path).is_ok_and(|it| VIEWS.contains(&(it.f_type as u64 & 0xffff_ffff)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn is_view_of_system(_: &Path) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{FileStamp, FollowLinks, find_files};
    use crate::threads::Threads;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::path::PathBuf;
    use std::process::Command;

    fn listed(dir: &Path) -> Source {
        let threads = Threads::new(1).unwrap();
        let found = find_files(&[dir.to_owned()], FollowLinks::Within, &threads).unwrap();
        found.sources.into_iter().next().unwrap()
    }

    fn make_pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    /// Nobody writes to the pipe: whoever waits for it waits for ever.
    #[test]
    fn what_became_something_else_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.json");
        fs::write(dir.path().join("other"), "x").unwrap();
        type Change = fn(&Path);
        let changes: [(Change, &str); 4] = [
            (make_pipe, "is a pipe, a socket or a device now"),
            (|path| fs::create_dir(path).unwrap(), "is a directory now"),
            (|path| symlink("other", path).unwrap(), "is no file now"),
            (|path| drop(UnixListener::bind(path).unwrap()), "is no file now"),
        ];
        for (change, end) in changes {
            fs::write(&file, "x").unwrap();
            let (source, named) = (
                listed(dir.path()),
                Source::stamped(&file, FileStamp { size: 1, modified: 1, ..FileStamp::default() }),
            );
            assert!(open_file(&source).is_ok());
            fs::remove_file(&file).unwrap();
            change(&file);
            let told = open_file(&source).unwrap_err().to_string();
            assert!(told.ends_with(end), "{told}");
            // What the user names may be a link.
            assert_eq!(open_file(&named).is_ok(), file.is_file());
            if file.is_dir() { fs::remove_dir(&file).unwrap() } else { fs::remove_file(&file).unwrap() }
        }
    }

    #[test]
    fn no_more_is_read_than_allowed() {
        let dir = tempfile::tempdir().unwrap();
        let (file, pipe) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&file, "12345").unwrap();
        make_pipe(&pipe);
        for read in [read_named_file, read_found_file] {
            assert_eq!(read(&file, 5).unwrap(), Some(b"12345".to_vec()));
            assert_eq!(read(&file, 4).unwrap(), None);
        }
        assert_eq!(read_named_file(Path::new("/dev/zero"), 1 << 16).unwrap(), None);
        assert!(read_found_file(&pipe, 5).is_err() && read_found_file(Path::new("/dev/zero"), 5).is_err());
    }

    #[test]
    fn views_of_the_system_are_known() {
        if cfg!(target_os = "linux") {
            assert!(["/proc", "/proc/self", "/sys"].iter().all(|it| is_view_of_system(Path::new(it))));
        }
        let dir = tempfile::tempdir().unwrap();
        let usual: [PathBuf; 3] = [dir.path().to_owned(), "/".into(), "/no/such/file".into()];
        assert!(!usual.iter().any(|it| is_view_of_system(it)));
    }
}
