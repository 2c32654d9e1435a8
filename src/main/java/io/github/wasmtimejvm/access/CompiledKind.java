package io.github.wasmtimejvm.access;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.internal.NativeObject;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A kind of compiled code: modules or components. */
public interface CompiledKind<T> {
  /** Compiles one; the bytes are the callee's. */
  T compile(Engine engine, byte[] wasm);

  /** Returns the owner of the native object. */
  NativeObject object(T code);

  /** Returns the engine. */
  Engine engine(T code);

  /** Returns what else than its settings makes an engine compile the same bytes differently. */
  String variant(Engine engine);

  /** Returns what it declares, {@code null} if that is not known. */
  byte @Nullable [] declared(T code);

  /**
   * Has the engine write it.
   *
   * @param object the native object
   * @param out a {@code wasm_byte_vec_t}
   * @return a {@code wasmtime_error_t*} or {@code NULL}
   */
  MemorySegment serialize(MemorySegment object, MemorySegment out);

  /**
   * Has the engine read one from memory.
   *
   * @param out where the pointer to the native object goes
   * @return a {@code wasmtime_error_t*} or {@code NULL}
   */
  MemorySegment deserialize(MemorySegment engine, MemorySegment code, MemorySegment out);

  /**
   * Has the engine map one from a file.
   *
   * @param name the name of the file
   * @param out where the pointer to the native object goes
   * @return a {@code wasmtime_error_t*} or {@code NULL}
   */
  MemorySegment deserializeFile(MemorySegment engine, MemorySegment name, MemorySegment out);

  /**
   * Makes the Java object for a native one, which it owns.
   *
   * @param wasm what it was compiled from, {@code null} if that is not there
   * @param declared what it declares, {@code null} if that is not known
   * @throws io.github.wasmtimejvm.CompileException if that cannot be read, or is needed
   */
  T own(Engine engine, MemorySegment object, byte @Nullable [] wasm, byte @Nullable [] declared);
}
