//! The accounts and regions of a file as one text, since most files have the same few.

use crate::answer::Coverage;

/// Writes accounts and regions as one text; `None` where a name could not be told from what stands between.
pub(super) fn write_places(counted: &Coverage) -> Option<String> {
    let (mut text, lists) = (String::new(), [&counted.accounts, &counted.regions]);
    for (index, list) in lists.into_iter().enumerate() {
        text.push_str(if index > 0 { "\0" } else { "" });
        for name in list {
            if name.contains(char::is_control) {
                return None;
            }
            text.push('\n');
            text.push_str(name);
        }
    }
    Some(text)
}

pub(super) fn account_names(place: &str) -> impl Iterator<Item = &str> {
    place.split('\0').next().unwrap_or_default().split('\n').skip(1)
}

pub(super) fn region_names(place: &str) -> impl Iterator<Item = &str> {
    place.split('\0').nth(1).unwrap_or_default().split('\n').skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_were_written() {
        let mut counted = Coverage::default();
        let text = write_places(&counted).unwrap_or_default();
        assert_eq!((account_names(&text).count(), region_names(&text).count()), (0, 0));
        counted.regions.insert("eu-west-1".into());
        let text = write_places(&counted).unwrap_or_default();
        assert_eq!(account_names(&text).count(), 0);
        assert_eq!(region_names(&text).collect::<Vec<_>>(), ["eu-west-1"]);
        counted.accounts.extend(["1".into(), "2".into()]);
        let text = write_places(&counted).unwrap_or_default();
        assert_eq!(account_names(&text).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(region_names(&text).collect::<Vec<_>>(), ["eu-west-1"]);
        counted.regions.insert("a\0b".into());
        assert_eq!(write_places(&counted), None);
    }
}
