package io.github.wasmtimejvm.binary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of values that are made of no other type. */
public enum PrimitiveType implements ComponentValueType {
  BOOL,
  S8,
  U8,
  S16,
  U16,
  S32,
  U32,
  S64,
  U64,
  F32,
  F64,
  CHAR,
  STRING,
  ERROR_CONTEXT;

  private static final int FIRST = 0x7f; // and downwards in the order above
  private static final int ERROR_CONTEXT_CODE = 0x64;
  private static final PrimitiveType[] ALL = values();

  static @Nullable PrimitiveType of(int code) {
    if (code == ERROR_CONTEXT_CODE) {
      return ERROR_CONTEXT;
    }
    int index = FIRST - code;
    return index >= 0 && index < ERROR_CONTEXT.ordinal() ? ALL[index] : null;
  }

  @Override
  public List<ComponentTypeDefinition> parts() {
    return List.of();
  }
}
