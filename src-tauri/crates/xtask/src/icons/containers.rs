//! Packs PNG images into the icon files of Windows and macOS.

use anyhow::{Context, Result};

/// A square PNG image.
pub(crate) struct Image {
    /// Pixels on a side.
    pub(crate) size: u32,
    pub(crate) png: Vec<u8>,
}

const ICO_HEADER: usize = 6;
const ICO_ENTRY: usize = 16;

/// A Windows icon. Entries are PNG, as Windows takes them since Vista; the size 256 is written as 0.
pub(crate) fn ico(images: &[Image]) -> Result<Vec<u8>> {
    let mut file = vec![0, 0, 1, 0];
    file.extend(u16::try_from(images.len())?.to_le_bytes());
    let mut at = ICO_HEADER + ICO_ENTRY * images.len();
    for image in images {
        let side = if image.size == 256 {
            0
        } else {
            u8::try_from(image.size).context("an icon is at most 256 wide")?
        };
        // Width, height, no palette, reserved, one plane, 32 bits a pixel.
        file.extend([side, side, 0, 0, 1, 0, 32, 0]);
        file.extend(u32::try_from(image.png.len())?.to_le_bytes());
        file.extend(u32::try_from(at)?.to_le_bytes());
        at += image.png.len();
    }
    for image in images {
        file.extend(&image.png);
    }
    Ok(file)
}

/// A macOS icon. A size may stand for two uses: 32 pixels are 32 points, and 16 points on a fine screen.
pub(crate) fn icns(images: &[Image]) -> Result<Vec<u8>> {
    let mut entries = Vec::new();
    for image in images {
        for kind in kinds(image.size) {
            entries.extend(*kind);
            entries.extend(u32::try_from(image.png.len() + 8)?.to_be_bytes());
            entries.extend(&image.png);
        }
    }
    let mut file = b"icns".to_vec();
    file.extend(u32::try_from(entries.len() + 8)?.to_be_bytes());
    file.extend(entries);
    Ok(file)
}

const fn kinds(size: u32) -> &'static [&'static [u8; 4]] {
    match size {
        16 => &[b"icp4"],
        32 => &[b"icp5", b"ic11"],
        64 => &[b"ic12"],
        128 => &[b"ic07"],
        256 => &[b"ic08", b"ic13"],
        512 => &[b"ic09", b"ic14"],
        1024 => &[b"ic10"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(size: u32, bytes: &[u8]) -> Image {
        Image { size, png: bytes.to_vec() }
    }

    #[test]
    fn an_ico_points_at_its_images() {
        let file = ico(&[image(16, b"small"), image(256, b"large one")]).unwrap();
        assert_eq!(&file[..6], [0, 0, 1, 0, 2, 0]);
        assert_eq!((file[6], file[22]), (16, 0), "256 is written as 0");
        assert_eq!(file[18..22], 38u32.to_le_bytes(), "the first image follows the two entries");
        assert_eq!(&file[38..43], b"small");
        assert_eq!(file[34..38], 43u32.to_le_bytes());
        assert_eq!(&file[43..], b"large one");
    }

    #[test]
    fn an_icns_counts_its_own_header() {
        let file = icns(&[image(16, b"abc")]).unwrap();
        assert_eq!(file, *b"icns\0\0\0\x13icp4\0\0\0\x0babc");
    }
}
