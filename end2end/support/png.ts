import { crc32, deflateSync } from "node:zlib";

/** Returns a PNG file of one colour, or of noise, which is incompressible. */
export function png(width: number, height: number, colour?: [number, number, number]) {
  const pixel = (): number[] => colour ?? [0, 0, 0].map(() => Math.floor(Math.random() * 256));
  const rows = Array.from({ length: height }, () => [0, ...Array.from({ length: width }, pixel).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows.map((row) => Buffer.from(row))))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, content: Buffer) {
  const named = Buffer.concat([Buffer.from(kind), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
