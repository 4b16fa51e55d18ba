// Reads barcodes: by the browser's own detector where it has one, else by the bundled decoder (ZXing).
import {
  BarcodeFormat, BinaryBitmap, DecodeHintType, HybridBinarizer, MultiFormatReader, RGBLuminanceSource,
} from "@zxing/library";

const FORMATS = [BarcodeFormat.QR_CODE, BarcodeFormat.DATA_MATRIX, BarcodeFormat.CODE_128, BarcodeFormat.CODE_39, BarcodeFormat.EAN_13, BarcodeFormat.ITF, BarcodeFormat.PDF_417];
const EVERY_MS = 150;

const reader = new MultiFormatReader();
reader.setHints(new Map([[DecodeHintType.POSSIBLE_FORMATS, FORMATS], [DecodeHintType.TRY_HARDER, true]]));

/** The text of a code in these pixels, or null. */
export function decodePixels({ data, width, height }) {
  const grey = new Uint8ClampedArray(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = (data[4 * i] * 306 + data[4 * i + 1] * 601 + data[4 * i + 2] * 117) >> 10;
  try {
    return reader.decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height)))).getText();
  } catch {
    return null; // no code in this picture
  } finally {
    reader.reset();
  }
}

function pixelsOf(source, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  ctx.drawImage(source, 0, 0, width, height);
  return ctx.getImageData(0, 0, width, height);
}

/** A code in a photograph, or null; large pictures are tried at two sizes. */
export async function decodePicture(file) {
  const picture = await createImageBitmap(file);
  for (const longest of [1400, 700]) {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const text = decodePixels(pixelsOf(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)));
    if (text) return text;
  }
  return null;
}

/** A running camera that calls found(text) once. */
export class Scanner {
  static async start(found) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    const scanner = new Scanner(stream, found);
    await scanner.video.play();
    return scanner;
  }

  constructor(stream, found) {
    this.stream = stream;
    this.video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
    this.timer = setInterval(() => {
      if (this.video.readyState < 2) return;
      const text = decodePixels(pixelsOf(this.video, this.video.videoWidth, this.video.videoHeight));
      if (text) { this.stop(); found(text); }
    }, EVERY_MS);
  }

  stop() {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
  }
}
