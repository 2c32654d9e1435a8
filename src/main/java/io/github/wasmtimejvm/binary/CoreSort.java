package io.github.wasmtimejvm.binary;

/** What a core instance exports. */
public enum CoreSort {
  FUNCTION,
  TABLE,
  MEMORY,
  GLOBAL,
  TAG
}
