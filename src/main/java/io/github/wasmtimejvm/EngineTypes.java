package io.github.wasmtimejvm;

import io.github.wasmtimejvm.declarations.DeclaredType;
import io.github.wasmtimejvm.declarations.NativeTypes;
import io.github.wasmtimejvm.declarations.TypeFactory;
import java.lang.foreign.MemorySegment;

/** Makes the public objects for what the modules of one engine declare. */
record EngineTypes(Engine engine) implements TypeFactory {
  @Override
  public ImportType importType(String module, String name, DeclaredType type) {
    return new ImportType(module, name, type);
  }

  @Override
  public ExportType exportType(String name, DeclaredType type) {
    return new ExportType(name, type);
  }

  @Override
  public ExternType externType(MemorySegment type) {
    return Types.extern(type, engine);
  }

  @Override
  public ConcreteHeapType func(NativeTypes types, int where, int position) {
    return new OtherHeapType(engine, types, where, position);
  }

  @Override
  public ConcreteHeapType struct(NativeTypes types, int where, int position) {
    return new StructType(engine, types, where, position);
  }

  @Override
  public ConcreteHeapType array(NativeTypes types, int where, int position) {
    return new ArrayType(engine, types, where, position);
  }
}
