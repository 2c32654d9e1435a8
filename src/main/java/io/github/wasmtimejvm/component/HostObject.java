package io.github.wasmtimejvm.component;

import io.github.wasmtimejvm.Store;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The object that serves guests: one for all stores, or one that is made for each. */
final class HostObject {
  private final @Nullable Object shared;
  private final @Nullable Function<Store, ?> factory;

  private HostObject(@Nullable Object shared, @Nullable Function<Store, ?> factory) {
    this.shared = shared;
    this.factory = factory;
  }

  static HostObject shared(Object object) {
    return new HostObject(object, null);
  }

  static HostObject made(Function<Store, ?> factory) {
    return new HostObject(null, factory);
  }

  /** Returns the object of a store. */
  Object in(ComponentStore store) {
    if (shared != null) {
      return shared;
    }
    assert factory != null;
    return store.made(factory);
  }
}
