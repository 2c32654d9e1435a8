package io.github.wasmtimejvm;

import io.github.wasmtimejvm.access.Access;
import io.github.wasmtimejvm.access.CompiledCode;
import io.github.wasmtimejvm.access.CompiledKind;
import io.github.wasmtimejvm.internal.NativeObject;
import io.github.wasmtimejvm.internal.StoreState;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** This package's side of {@link Access}. */
final class RootAccess extends Access {
  @Override
  public StoreState state(Store store) {
    return store.state();
  }

  @Override
  public void check(MemorySegment error) {
    Failures.check(error);
  }

  @Override
  public void checkReady(@Nullable String refusal) {
    Failures.checkReady(refusal);
  }

  @Override
  public void intercept(Store store, Map<String, HostFunction> functions) {
    store.intercept(functions);
  }

  @Override
  public void setUnwindingExit(Store store, boolean unwinding) {
    store.setUnwindingExit(unwinding);
  }

  @Override
  public Linker plainWasi(Engine engine) {
    return Linker.createPlainWasi(engine);
  }

  @Override
  public <T> T attachment(Engine engine, Class<T> type, Function<Engine, T> make) {
    return engine.attachment(type, make);
  }

  @Override
  public RuntimeException stopped(int reason) {
    return Outcome.stopped(reason, List.of());
  }

  @Override
  public NativeObject object(Engine engine) {
    return engine.object();
  }

  @Override
  public NativeObject object(Module module) {
    return module.object();
  }

  @Override
  public <T> CompiledCode<T> compiledComponents(CompiledKind<T> kind) {
    return new CompiledObjects<>(kind, CompiledFile.COMPONENTS);
  }

  @Override
  public void checkCompiler(Engine engine) {
    engine.checkCompiler();
  }

  @Override
  public void checkCompile(MemorySegment error) {
    Failures.checkCompile(error);
  }

  @Override
  public byte[] binary(byte[] content) {
    return Module.binary(content);
  }

  @Override
  public CompileException compileException(String message) {
    return new CompileException(message);
  }

  @Override
  public LinkException linkException(String message) {
    return new LinkException(message, List.of());
  }

  @Override
  public void enterComponent(
      StoreState state, long function, int argc, long a, long b, long c, long d, long e, long f) {
    GuestEntry.component(state, function, argc, a, b, c, d, e, f);
  }

  @Override
  public boolean callsDirectly(Engine engine) {
    return engine.callsDirectly();
  }

  @Override
  public boolean isInterruptible(Engine engine) {
    return engine.isInterruptible();
  }

  @Override
  public boolean consumesFuel(Engine engine) {
    return engine.consumesFuel();
  }

  @Override
  public void allow(Store store, int instances, int memories) {
    store.allow(instances, memories);
  }

  @Override
  public EngineException engineException(String message) {
    return new EngineException(message, List.of());
  }
}
