//! Takes in the window's settings, permissions and icons.

fn main() {
    tauri_build::build();
}
