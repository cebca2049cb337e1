//! A round mark in the corner of the icon: green, amber, red or grey.

use ihook_app::Standing;
use tauri::image::Image;

/// The icon with a mark a third as wide as it is.
pub(super) fn marked(icon: &Image<'_>, standing: Standing) -> Image<'static> {
    let (width, height) = (icon.width(), icon.height());
    let mut pixels = icon.rgba().to_vec();
    let radius = width.min(height) / 5;
    let (x, y) = (width - radius - 1, height - radius - 1);
    for (at, pixel) in (0_u32..).zip(pixels.chunks_exact_mut(4)) {
        let (across, down) = ((at % width).abs_diff(x), (at / width).abs_diff(y));
        if across * across + down * down <= radius * radius {
            pixel.copy_from_slice(&colour(standing));
        }
    }
    Image::new_owned(pixels, width, height)
}

const fn colour(standing: Standing) -> [u8; 4] {
    match standing {
        Standing::Receiving => [0x2f, 0xa8, 0x6b, 0xff],
        Standing::Look => [0xe0, 0x9a, 0x1a, 0xff],
        Standing::Refusing | Standing::Trouble => [0xd8, 0x3a, 0x3f, 0xff],
        Standing::Paused => [0x8b, 0x88, 0x7f, 0xff],
    }
}
