/** The smallest Windows program, with or without the CLR header of a .NET one. */
export function buildPe(clr: boolean): Uint8Array {
  const PE = 0x40;
  const OPTIONAL = PE + 24;
  const bytes = new Uint8Array(OPTIONAL + 96 + 16 * 8);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4d, 0x5a]);
  view.setUint32(0x3c, PE, true);
  view.setUint32(PE, 0x4550, true);
  view.setUint16(OPTIONAL, 0x10b, true);
  view.setUint32(OPTIONAL + 92, 16, true);
  view.setUint32(OPTIONAL + 96 + 14 * 8, clr ? 0x2008 : 0, true);
  return bytes;
}
