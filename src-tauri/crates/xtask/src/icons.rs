//! `cargo xtask icons`: draws the bundle's icons from the two drawings in `icons/`.

mod containers;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::children::Step;
use crate::{machine, place, say};

use containers::Image;

/// Up to this many pixels the drawing with heavier lines is used.
const SMALL: u32 = 48;

/// PNG files and their sizes in pixels; the names are those Tauri's bundler looks for.
const PNGS: [(&str, u32); 4] =
    [("32x32.png", 32), ("128x128.png", 128), ("128x128@2x.png", 256), ("icon.png", 512)];

const ICO: [u32; 6] = [16, 24, 32, 48, 64, 256];
const ICNS: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

/// Writes every icon file anew. They are committed: building needs no rasteriser.
pub(crate) fn draw() -> Result<()> {
    say::heading("Icons");
    machine::also("librsvg2-bin", "rsvg-convert")?;
    let icons = place::root().join("icons");
    for (name, size) in PNGS {
        keep(&icons.join(name), &png(size)?.png)?;
    }
    keep(&icons.join("icon.ico"), &containers::ico(&images(&ICO)?)?)?;
    keep(&icons.join("icon.icns"), &containers::icns(&images(&ICNS)?)?)?;
    let favicon = fs::read(icons.join("icon-small.svg")).context("cannot read icon-small.svg")?;
    keep(&place::root().join("ui").join("public").join("icon.svg"), &favicon)
}

fn images(sizes: &[u32]) -> Result<Vec<Image>> {
    sizes.iter().map(|size| png(*size)).collect()
}

fn png(size: u32) -> Result<Image> {
    let drawing = if size <= SMALL { "icons/icon-small.svg" } else { "icons/icon.svg" };
    let file = place::stamp(&format!("icon-{size}.png"))?;
    let pixels = size.to_string();
    Step::new("rsvg-convert")
        .args(&["--width", &pixels, "--height", &pixels, drawing, "--output"])
        .arg(&file)
        .run()?;
    let png = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Image { size, png })
}

fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    say::line(&format!("{} ({} bytes)", path.display(), bytes.len()));
    Ok(())
}
