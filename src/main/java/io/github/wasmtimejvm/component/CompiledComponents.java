package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.access.CompiledCode;
import io.github.wasmtimejvm.access.CompiledKind;
import io.github.wasmtimejvm.capi.WasmtimeComponentComponent;
import io.github.wasmtimejvm.internal.NativeObject;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Components as a kind of compiled code. What one declares is its binary without code. */
final class CompiledComponents implements CompiledKind<Component> {
  private CompiledComponents() {}

  /** What can be done with compiled components; whoever has an engine may ask. */
  static CompiledCode<Component> code() {
    return Access.get().compiledComponents(new CompiledComponents());
  }

  @Override
  public Component compile(Engine engine, byte[] wasm) {
    return Component.compile(engine, wasm);
  }

  @Override
  public NativeObject object(Component component) {
    return component.object();
  }

  @Override
  public Engine engine(Component component) {
    return component.engine();
  }

  @Override
  public byte[] declared(Component component) {
    return component.declared();
  }

  @Override
  public MemorySegment serialize(MemorySegment component, MemorySegment out) {
    return WasmtimeComponentComponent.wasmtime_component_serialize(component, out);
  }

  @Override
  public MemorySegment deserialize(MemorySegment engine, MemorySegment code, MemorySegment out) {
    return WasmtimeComponentComponent.wasmtime_component_deserialize(
        engine, code, code.byteSize(), out);
  }

  @Override
  public MemorySegment deserializeFile(
      MemorySegment engine, MemorySegment name, MemorySegment out) {
    return WasmtimeComponentComponent.wasmtime_component_deserialize_file(engine, name, out);
  }

  @Override
  public Component own(
      Engine engine, MemorySegment component, byte @Nullable [] wasm, byte @Nullable [] declared) {
    // The bytes do not say which functions can be called directly.
    return Component.own(engine, component, declared);
  }

  @Override
  public String variant(Engine engine) {
    return !Access.get().callsDirectly(engine)
        ? ""
        : CallCost.ignored ? "direct whatever it costs" : "direct";
  }
}
