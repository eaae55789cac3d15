//! A file that travels in a multipart form.

use std::fmt;

use bytes::Bytes;

/// The content of a file with the name and media type that go with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// What the file holds.
    pub bytes: Bytes,
    /// The name the vendor is told, such as `invoice.pdf`.
    pub file_name: String,
    /// The media type, such as `application/pdf`.
    pub content_type: String,
}

impl Upload {
    /// An upload of `bytes` under a name and a media type.
    pub fn new(
        bytes: impl Into<Bytes>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
    ) -> Self {
        Self {
            bytes: bytes.into(),
            file_name: file_name.into(),
            content_type: content_type.into(),
        }
    }
}

/// Shows how long the file is, not what it holds.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bytes,
            file_name,
            content_type,
        } = self;
        f.debug_struct("Upload")
            .field("bytes", &format_args!("{} bytes", bytes.len()))
            .field("file_name", file_name)
            .field("content_type", content_type)
            .finish()
    }
}
