/** Reading a store offline: without opening it, its lock, or a byte written. */
export { type InspectFileOptions, inspectFile } from './inspect-file.ts';
export type {
  FileInspection,
  FileKind,
  InspectedDamage,
  InspectedFileId,
  InspectedFrame,
  InspectedIndex,
  InspectedItem,
  InspectedManifest,
  InspectedRecord,
  InspectedSegment,
  InspectedSuperblock,
} from './inspection.ts';
export {
  type FileRole,
  type VerifiedFile,
  type VerifiedStore,
  verifyStore,
} from './verify-store.ts';
