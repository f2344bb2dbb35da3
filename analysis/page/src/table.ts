// The points: scalar columns of numbers and texts, and arrays for the details. Rows can be added and replaced.
import type { About, Numbers, PackedArrays, PackedScalar, Payload } from "./payload";

export type Value = number | string;

export class Column {
  numbers: Float64Array;
  private texts: string[] = [];
  private codes = new Map<string, number>();

  constructor(readonly about: About, readonly kind: "text" | "number", rows: number) {
    this.numbers = new Float64Array(rows).fill(NaN);
  }

  get name(): string { return this.about.name; }

  static unpack(packed: PackedScalar, payload: Payload, rows: number): Column {
    const column = new Column(packed, packed.kind, rows);
    if (packed.data) {
      column.numbers.set(payload.numbers(packed.data));
      return column;
    }
    const values = (packed.values ?? []).map((value) => column.code(value));
    if (packed.codes) {
      const codes = payload.numbers(packed.codes);
      for (let row = 0; row < rows; row++) column.numbers[row] = values[codes[row]];
    } else column.numbers.fill(values[0]);
    return column;
  }

  /** What stands for a value in `numbers`: itself, or the number of a text. */
  private code(value: Value | null): number {
    if (value === null) return NaN;
    if (this.kind === "number") return Number(value);
    const text = String(value);
    let code = this.codes.get(text);
    if (code === undefined) {
      code = this.texts.push(text) - 1;
      this.codes.set(text, code);
    }
    return code;
  }

  set(row: number, value: Value | null): void { this.numbers[row] = this.code(value); }

  grow(capacity: number): void {
    const numbers = new Float64Array(capacity).fill(NaN);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }

  /** A number (NaN: missing) or a text ("" : missing). */
  value(row: number): Value {
    const number = this.numbers[row];
    return this.kind === "number" ? number : this.texts[number] ?? "";
  }

  text(code: number): string { return this.texts[code] ?? ""; }

  /** Different values, in order; texts as their numbers in order of the texts. More than `most` give null. */
  different(rows: Iterable<number>, most: number): number[] | null {
    const found = new Set<number>();
    for (const row of rows) {
      const number = this.numbers[row];
      if (!Number.isNaN(number)) found.add(number);
      if (found.size > most) return null;
    }
    return [...found].sort(this.kind === "number" ? (a, b) => a - b : (a, b) => (this.text(a) < this.text(b) ? -1 : 1));
  }
}

export interface ArrayValue { shape: number[]; values: ArrayLike<number> }

/** An array column; where all are of one shape no places are kept. */
class Arrays {
  private readonly data: Numbers;
  private readonly shapes: Numbers | null;
  private readonly offsets: Float64Array | null = null;

  constructor(readonly packed: PackedArrays, payload: Payload, rows: number) {
    this.data = payload.numbers(packed.data);
    this.shapes = packed.shapes ? payload.numbers(packed.shapes) : null;
    if (this.shapes) {
      this.offsets = new Float64Array(rows + 1);
      for (let row = 0; row < rows; row++) this.offsets[row + 1] = this.offsets[row] + this.shape(row).reduce((a, b) => a * b, 1);
    }
  }

  private shape(row: number): number[] {
    const { dimensions, shape } = this.packed;
    return this.shapes ? [...this.shapes.subarray(row * dimensions, (row + 1) * dimensions)] : shape as number[];
  }

  get(row: number): ArrayValue | null {
    const shape = this.shape(row);
    const size = shape.reduce((a, b) => a * b, 1);
    if (size === 0) return null;
    const begin = this.offsets ? this.offsets[row] : this.packed.same ? 0 : row * size;
    return { shape, values: this.data.subarray(begin, begin + size) };
  }
}

export type Details = Map<string, ArrayValue>;

export class Table {
  rows: number;
  readonly columns = new Map<string, Column>();
  private readonly arrays: Arrays[];
  private capacity: number;

  constructor(payload: Payload) {
    const { header } = payload;
    this.rows = this.capacity = header.rows;
    for (const packed of header.scalars) this.columns.set(packed.name, Column.unpack(packed, payload, header.rows));
    this.arrays = header.arrays.map((packed) => new Arrays(packed, payload, header.rows));
  }

  /** Takes the scalars of a row that is new or has changed. */
  put(row: number, values: Record<string, Value | null>): void {
    if (row >= this.capacity) {
      this.capacity = Math.max(2 * this.capacity, row + 1, 64);
      for (const column of this.columns.values()) column.grow(this.capacity);
    }
    this.rows = Math.max(this.rows, row + 1);
    for (const column of this.columns.values()) if (!(column.name in values)) column.set(row, null);
    for (const [name, value] of Object.entries(values)) {
      if (value === null) continue;
      let column = this.columns.get(name);
      if (!column) {
        column = new Column({ name }, typeof value === "string" ? "text" : "number", this.capacity);
        this.columns.set(name, column);
      }
      column.set(row, value);
    }
  }

  /** Arrays of a row that are in the page. */
  details(row: number): Details {
    const found: Details = new Map();
    for (const arrays of this.arrays) {
      const value = arrays.get(row);
      if (value) found.set(arrays.packed.name, value);
    }
    return found;
  }

  value(name: string, row: number): Value { return this.columns.get(name)?.value(row) ?? NaN; }

  number(name: string, row: number): number {
    const value = this.value(name, row);
    return typeof value === "number" ? value : NaN;
  }
}
