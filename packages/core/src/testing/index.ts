export type { CallOrder } from './call-queue.ts';
export {
  DISK_CALL_KINDS,
  type DiskCall,
  type DiskCallKind,
  type Fault,
  type FaultEffect,
  type FaultOptions,
  type SectorPlace,
  type StrayWriteOptions,
} from './disk-faults.ts';
export { ManualClock, settle } from './manual-clock.ts';
export {
  type AcknowledgedDurability,
  ModelStore,
  type ModelView,
  type ModelWrite,
} from './model-store.ts';
export type { NativeErrorCode } from './native-error.ts';
export { SeededRandom } from './seeded-random.ts';
export { simulatedCipher } from './simulated-cipher.ts';
export {
  type CrashOptions,
  type DiskSnapshot,
  SimulatedDisk,
  type SimulatedDiskOptions,
} from './simulated-disk.ts';
export type { PowerCutOutcome, SectorDamage } from './simulated-file.ts';
export { SimulatedFileSystem } from './simulated-file-system.ts';
export {
  type SimulatedRuntime,
  type SimulatedRuntimeOptions,
  simulatedRuntime,
} from './simulated-runtime.ts';
