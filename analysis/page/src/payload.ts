// Reads the bytes that attnpaths/page/packing.py makes.

export interface Place { type: string; at: number; count: number }
export interface About { name: string; units?: string; description?: string; shape?: string }
export interface PackedScalar extends About { kind: "text" | "number"; values?: (string | number | null)[]; codes?: Place; data?: Place }
export interface PackedArrays extends Omit<About, "shape"> {
  dimensions: number; shape?: number[] | string; shapes?: Place; same?: boolean; data: Place;
}
export interface Header {
  title: string; planned: number; version: string; commit: string; configuration: string;
  rows: number; store_rows: number[] | null; left_out: string[];
  scalars: PackedScalar[]; arrays: PackedArrays[];
  change?: number;  // live: the number of the latest change that these bytes have
}
export type Numbers = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

export class Payload {
  readonly header: Header;
  private readonly begin: number;

  constructor(private readonly buffer: ArrayBuffer) {
    const length = new DataView(buffer).getUint32(0, true);
    this.header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    this.begin = 4 + length;
  }

  numbers(place: Place): Numbers {
    const types: Record<string, new (buffer: ArrayBuffer, at: number, count: number) => Numbers> = {
      f8: Float64Array, f4: Float32Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };
    return new types[place.type](this.buffer, this.begin + place.at, place.count);
  }
}

async function unpacked(compressed: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Payload> {
  return new Payload(await new Response(compressed.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** The data in the page itself; null in the live page. */
export async function embeddedPayload(): Promise<Payload | null> {
  const element = document.getElementById("data");
  if (!element) return null;
  const text = element.textContent ?? "";
  element.remove();
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return unpacked(new Blob([bytes]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>);
}

export async function fetchedPayload(address: string): Promise<Payload> {
  const response = await fetch(address);
  if (!response.ok || !response.body) throw new Error(`${response.status} ${response.statusText}`);
  return unpacked(response.body);
}
