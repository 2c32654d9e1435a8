package io.github.wasmtimejvm.binary;

/** The types of numbers in core code, which all values of a component are passed as. */
public enum CoreValueType {
  I32(0x79),
  I64(0x77),
  F32(0x76),
  F64(0x75);

  /** The type of components that is passed as this one without a change: u32, u64, f32, f64. */
  final int lifted;

  CoreValueType(int lifted) {
    this.lifted = lifted;
  }
}
