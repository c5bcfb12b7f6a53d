/** What is in a file, for people: a line for each item, at its offset. */
import type {
  FileInspection,
  InspectedFrame,
  InspectedIndex,
  InspectedItem,
  InspectedManifest,
  InspectedRecord,
  InspectedSegment,
  InspectedSuperblock,
} from '@holdfast/core/inspect';

/** Of a key; longer ones are cut, and --json has them whole. */
const KEY_CHARACTERS_MAX = 60;
const OFFSET_COLUMNS = 9;

export interface FileTotals {
  readonly records: number;
  readonly frames: number;
  readonly damage: number;
}

export function totalsOf({ items }: FileInspection): FileTotals {
  const count = (type: InspectedItem['type']): number =>
    items.filter((item) => item.type === type).length;
  return { records: count('record'), frames: count('frame'), damage: count('damage') };
}

export function titleLine({ name, kind, bytes }: FileInspection): string {
  const what = kind === 'young' || kind === 'main' ? `segment of the ${kind} generation` : kind;
  return `${name}: ${what}, ${bytes} bytes`;
}

export function totalsLine({ records, frames, damage }: FileTotals): string {
  return `${records} records, ${frames} FRAMEs, ${damage === 0 ? 'no damage' : `${damage} DAMAGED`}`;
}

export function itemLine(item: InspectedItem): string {
  return `${String(item.offset).padStart(OFFSET_COLUMNS)}  ${describe(item)}`;
}

export function timeText(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'never';
  const date = new Date(ms);
  // A time that no calendar has is shown as it is.
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

function describe(item: InspectedItem): string {
  switch (item.type) {
    case 'superblock':
      return describeSuperblock(item);
    case 'manifest':
      return describeManifest(item);
    case 'index':
      return describeIndex(item);
    case 'segment':
      return describeSegment(item);
    case 'record':
      return describeRecord(item);
    case 'frame':
      return describeFrame(item);
    case 'damage':
      return `DAMAGE   ${item.bytes} bytes: ${item.reason}`;
  }
}

function describeSuperblock(item: InspectedSuperblock): string {
  const { epoch, storeId, hashSeed, hashPrefixLength, storeTime, tail, isClosed } = item;
  return facts([
    `epoch ${epoch}`,
    isClosed ? 'closed' : 'open, or killed',
    `store ${storeId}`,
    `hash seed ${hashSeed}`,
    `hash prefix ${hashPrefixLength}`,
    `store time ${timeText(storeTime)}`,
    tail && `lane up to ${tail.length} in ${tail.epoch}/${tail.number}`,
  ]);
}

function describeManifest({ version, files }: InspectedManifest): string {
  const lines = files.map(({ name, length, until, sequenceMax }) => {
    const indent = ' '.repeat(OFFSET_COLUMNS + 2);
    const hides = until === undefined ? undefined : `hides until ${timeText(until)}`;
    return `${indent}${facts([name, `${length} bytes`, `sequence ${sequenceMax}`, hides])}`;
  });
  return [facts([`version ${version}`, `${files.length} files`]), ...lines].join('\n');
}

function describeIndex({ epoch, storeId, entries, files }: InspectedIndex): string {
  const lines = files.map((file) => {
    const indent = ' '.repeat(OFFSET_COLUMNS + 2);
    return `${indent}${facts([file.name, `${file.length} bytes`, `${file.entries} entries`])}`;
  });
  return [facts([`epoch ${epoch}`, `store ${storeId}`, `${entries} entries`]), ...lines].join('\n');
}

function describeSegment(item: InspectedSegment): string {
  const { epoch, number, storeId, previous, sequenceBase, timeBase, salt, hashSeed } = item;
  return facts([
    `file ${epoch}/${number}`,
    previous && `after ${previous.length} bytes of ${previous.epoch}/${previous.number}`,
    item.ttlClass !== undefined && `TTL class ${item.ttlClass}`,
    item.prefix !== undefined && item.prefix !== '' && `prefix ${item.prefix}`,
    `store ${storeId}`,
    `sequence base ${sequenceBase}`,
    `time base ${timeText(timeBase)}`,
    `salt ${salt}`,
    `hash seed ${hashSeed}`,
  ]);
}

function describeRecord(item: InspectedRecord): string {
  const { kind, encoding, compression, valueBytes, sequence, created, expires, until } = item;
  const { namespace, tags, keptUntil } = item;
  return facts([
    `${kind.padEnd(7)}  ${keyText(item)}`.trimEnd(),
    namespace && `namespace ${namespace.map((name) => JSON.stringify(shortened(name))).join('/')}`,
    encoding !== undefined && `${encoding}`,
    compression !== undefined && `${compression}`,
    (kind === 'put' || kind === 'shapes') && `${valueBytes} bytes`,
    tags && `${kind === 'floor' ? 'of tag' : 'tags'} ${tags.join(' ')}`,
    kind === 'floor' && tags === undefined && 'of all tags',
    `sequence ${sequence}`,
    `created ${timeText(created)}`,
    kind === 'put' && `expires ${timeText(expires)}`,
    keptUntil !== undefined && `kept until ${timeText(keptUntil)}`,
    until !== undefined && `hides until ${timeText(until)}`,
  ]);
}

function describeFrame({ count, batchStart, durable, storeTime, lost }: InspectedFrame): string {
  return facts([
    `FRAME    ${count} records from ${batchStart}`,
    durable && `durable to ${durable.offset} in file ${durable.number}`,
    `store time ${timeText(storeTime)}`,
    lost.length > 0 && `LOST at ${lost.map(({ offset }) => offset).join(' ')}`,
  ]);
}

/** Printable whatever it is. */
function keyText({ key, keyHex }: InspectedRecord): string {
  if (keyHex !== undefined) return `0x${shortened(keyHex)}`;
  return key === undefined ? '' : JSON.stringify(shortened(key));
}

function shortened(text: string): string {
  return text.length > KEY_CHARACTERS_MAX ? `${text.slice(0, KEY_CHARACTERS_MAX)}…` : text;
}

function facts(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false).join(', ');
}
