package io.github.wasmtimejvm.binary;

/** What can be imported, exported and passed when a component is instantiated. */
public enum ComponentSort {
  CORE_MODULE,
  FUNCTION,
  VALUE,
  TYPE,
  COMPONENT,
  INSTANCE
}
