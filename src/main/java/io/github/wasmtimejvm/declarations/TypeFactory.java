package io.github.wasmtimejvm.declarations;

import io.github.wasmtimejvm.ConcreteHeapType;
import io.github.wasmtimejvm.ExportType;
import io.github.wasmtimejvm.ExternType;
import io.github.wasmtimejvm.ImportType;
import java.lang.foreign.MemorySegment;

/**
 * Makes the public objects for what a module declares. The root package implements this interface,
 * because the constructors of these objects are not public.
 */
public interface TypeFactory {
  ImportType importType(String module, String name, DeclaredType type);

  ExportType exportType(String name, DeclaredType type);

  /** Decodes a {@code wasm_externtype_t*}, which stays the caller's. */
  ExternType externType(MemorySegment type);

  /**
   * A function type that the module defines.
   *
   * @param types what asks the engine for the type
   * @param where the place of an item that refers to the type
   * @param position which of the item's value types does; results count after parameters
   */
  ConcreteHeapType func(NativeTypes types, int where, int position);

  /** A struct type that the module defines; the parameters are those of {@link #func}. */
  ConcreteHeapType struct(NativeTypes types, int where, int position);

  /** An array type that the module defines; the parameters are those of {@link #func}. */
  ConcreteHeapType array(NativeTypes types, int where, int position);
}
