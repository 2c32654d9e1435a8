package io.github.wasmtimejvm.component;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A type of resources that the host serves. The engine tells such types apart by their numbers
 * alone, so that each has a number of its own in this process.
 */
final class HostResource {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final int number = NUMBERS.getAndIncrement();
  private @Nullable Class<?> javaType;

  /** The engine's number for it. */
  int number() {
    return number;
  }

  /** The class that the resources are of; {@link Object} where nothing says. */
  synchronized Class<?> javaType() {
    return javaType == null ? Object.class : javaType;
  }

  /** Notes the class that the resources are of. */
  synchronized void setJavaType(Class<?> type) {
    javaType = type;
  }
}
