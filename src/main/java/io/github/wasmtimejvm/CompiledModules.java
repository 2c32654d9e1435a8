package io.github.wasmtimejvm;

import io.github.wasmtimejvm.access.CompiledKind;
import io.github.wasmtimejvm.capi.WasmtimeModule;
import io.github.wasmtimejvm.declarations.BinaryDeclarations;
import io.github.wasmtimejvm.internal.NativeObject;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Modules as a kind of compiled code. */
final class CompiledModules implements CompiledKind<Module> {
  /** What can be done with compiled modules. */
  static final CompiledObjects<Module> CODE =
      new CompiledObjects<>(new CompiledModules(), CompiledFile.MODULES);

  private CompiledModules() {}

  @Override
  public Module compile(Engine engine, byte[] wasm) {
    return Module.compile(engine, wasm);
  }

  @Override
  public NativeObject object(Module module) {
    return module.object();
  }

  @Override
  public Engine engine(Module module) {
    return module.engine();
  }

  @Override
  public String variant(Engine engine) {
    return "";
  }

  @Override
  public byte @Nullable [] declared(Module module) {
    return module.declarations() instanceof BinaryDeclarations binary ? binary.bytes() : null;
  }

  @Override
  public MemorySegment serialize(MemorySegment module, MemorySegment out) {
    return WasmtimeModule.wasmtime_module_serialize(module, out);
  }

  @Override
  public MemorySegment deserialize(MemorySegment engine, MemorySegment code, MemorySegment out) {
    return WasmtimeModule.wasmtime_module_deserialize(engine, code, code.byteSize(), out);
  }

  @Override
  public MemorySegment deserializeFile(
      MemorySegment engine, MemorySegment name, MemorySegment out) {
    return WasmtimeModule.wasmtime_module_deserialize_file(engine, name, out);
  }

  @Override
  public Module own(
      Engine engine, MemorySegment module, byte @Nullable [] wasm, byte @Nullable [] declared) {
    return wasm == null
        ? Module.ownCompiled(engine, module, declared)
        : Module.own(engine, module, MemorySegment.ofArray(wasm));
  }
}
