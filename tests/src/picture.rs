//! Pictures for the guides: the top of a screenshot, small enough to be kept with the source.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, Transformations};

/// Colours of one picture at most: what one byte can name.
const COLOURS: usize = 256;

type Colour = [u8; 3];

/// Rewrites a screenshot: its first `height` rows, in at most 256 colours.
///
/// A page has few colours, but the smoothed edges of its letters have many. Each that is rare gives
/// way to the nearest that is not, which nobody sees, and the file is a third as long.
///
/// # Errors
/// When the file is no picture in eight-bit colour, or cannot be written.
pub fn shrink(file: &Path, height: usize) -> Result<()> {
    let (width, pixels) = read(file).with_context(|| file.display().to_string())?;
    let pixels = pixels.get(..width * height).unwrap_or(&pixels);
    let palette = commonest(pixels);
    let indexed = indexed(pixels, &palette)?;
    let rows = pixels.len() / width;
    let out = BufWriter::new(File::create(file)?);
    let mut encoder = Encoder::new(out, u32::try_from(width)?, u32::try_from(rows)?);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indexed)?;
    writer.finish()?;
    Ok(())
}

/// The width, and the colour of each pixel by rows.
fn read(file: &Path) -> Result<(usize, Vec<Colour>)> {
    let mut decoder = Decoder::new(BufReader::new(File::open(file)?));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().context("a picture of a size")?];
    let frame = reader.next_frame(&mut bytes)?;
    let samples = frame.color_type.samples();
    ensure!(samples >= 3, "a picture in colour is needed");
    bytes.truncate(frame.buffer_size());
    let colour = |pixel: &[u8]| pixel.first_chunk().copied().unwrap_or_default();
    Ok((usize::try_from(frame.width)?, bytes.chunks_exact(samples).map(colour).collect()))
}

/// The colours that most pixels have, in an order that does not change between two runs.
fn commonest(pixels: &[Colour]) -> Vec<Colour> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<(Colour, usize)> = counts.into_iter().collect();
    colours.sort_unstable_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    colours.into_iter().take(COLOURS).map(|(colour, _)| colour).collect()
}

/// The place in the palette of the colour nearest to each pixel.
fn indexed(pixels: &[Colour], palette: &[Colour]) -> Result<Vec<u8>> {
    let mut known: HashMap<Colour, u8> = HashMap::new();
    let mut places = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        let place = if let Some(place) = known.get(pixel) {
            *place
        } else {
            let colours = palette.iter().enumerate();
            let nearest = colours.min_by_key(|(_, colour)| distance(*pixel, **colour));
            let (place, _) = nearest.context("a picture without pixels")?;
            *known.entry(*pixel).or_insert(u8::try_from(place)?)
        };
        places.push(place);
    }
    Ok(places)
}

fn distance(one: Colour, other: Colour) -> u32 {
    one.iter().zip(&other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with one row for each colour, two pixels wide.
    fn picture(colours: &[Colour]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("picture.png");
        let height = u32::try_from(colours.len()).unwrap();
        let mut encoder = Encoder::new(File::create(&file).unwrap(), 2, height);
        encoder.set_color(ColorType::Rgb);
        let bytes: Vec<u8> = colours.iter().flat_map(|colour| [*colour; 2].concat()).collect();
        encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
        (folder, file)
    }

    #[track_caller]
    fn check(before: &[Colour], height: usize, after: &[Colour]) {
        let (_folder, file) = picture(before);
        shrink(&file, height).unwrap();
        let rows: Vec<Colour> = after.iter().flat_map(|colour| [*colour; 2]).collect();
        assert_eq!(read(&file).unwrap(), (2, rows));
    }

    #[test]
    fn a_picture_of_few_colours_stays_as_it_is() {
        check(
            &[[0, 0, 0], [255, 255, 255], [29, 112, 184]],
            3,
            &[[0, 0, 0], [255, 255, 255], [29, 112, 184]],
        );
    }

    #[test]
    fn only_the_top_is_kept_and_a_short_page_is_whole() {
        check(&[[1, 1, 1], [2, 2, 2]], 1, &[[1, 1, 1]]);
        check(&[[1, 1, 1], [2, 2, 2]], 9, &[[1, 1, 1], [2, 2, 2]]);
    }

    #[test]
    fn a_rare_colour_gives_way_to_the_nearest_common_one() {
        let common: Vec<Colour> = (0..=255).map(|level| [level, 0, 0]).collect();
        let mut rows = [common.clone(), common].concat();
        rows.push([7, 3, 0]);
        let mut expected = rows.clone();
        expected[512] = [7, 0, 0];
        check(&rows, 513, &expected);
    }
}
