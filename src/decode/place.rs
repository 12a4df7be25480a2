//! Where a text that is looked into stands in its stream, so that records are told with the same offset however they
//! are wrapped and however the stream is cut.

/// Where a text stands that is looked into, for the offset that its records are told with.
#[derive(Clone, Copy)]
pub(super) struct TextPlace {
    /// Where the element starts that holds it.
    pub(super) element: usize,
    /// Where the text itself starts, if it stands in the stream as it is: not within a string, not packed.
    start: Option<usize>,
}

impl TextPlace {
    /// An element of the stream.
    pub(super) fn of_element(at: usize) -> Self {
        Self { element: at, start: Some(at) }
    }

    /// An element of an array in the text.
    pub(super) fn element(self, at: usize) -> Self {
        self.start.map_or(self, |start| Self::of_element(start + at))
    }

    /// A member of the text.
    pub(super) fn member(self, at: usize) -> Self {
        Self { start: self.start.map(|start| start + at), ..self }
    }

    /// What is made of the text, or of a part of it.
    pub(super) fn made(self) -> Self {
        Self { start: None, ..self }
    }
}
