package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.TrapCode;
import io.github.wasmtimejvm.TrapException;
import io.github.wasmtimejvm.WasmtimeException;
import io.github.wasmtimejvm.component.ComponentFunc;
import io.github.wasmtimejvm.component.ErrException;
import io.github.wasmtimejvm.component.PreparedComponent;
import io.github.wasmtimejvm.wasi.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.WrongMethodTypeException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One sequence of calls: what it has, what it may still do, and what its calls ended with. Its
 * threads share it.
 */
final class Sequence {
  /** What our own callbacks throw, to be told from what the library makes. */
  static final class Injected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Injected(String message) {
      super(message);
    }
  }

  /** The same as an Error. */
  static final class InjectedError extends Error {
    private static final long serialVersionUID = 1;

    InjectedError(String message) {
      super(message);
    }
  }

  /** The same as a checked exception. */
  static final class InjectedChecked extends Exception {
    private static final long serialVersionUID = 1;

    InjectedChecked(String message) {
      super(message);
    }
  }

  private static final int CALLBACKS = 300;

  final long seed;
  final Pool pool = new Pool();

  /** Functions of guests, of all stores that it began with. */
  final List<Func> guests = new CopyOnWriteArrayList<>();

  /** The same of components. */
  final List<ComponentFunc> componentFunctions = new CopyOnWriteArrayList<>();

  /** What a new instance is made of when a store is spent. */
  final Map<PreparedComponent, ComponentCorpus> prepared = new ConcurrentHashMap<>();

  final boolean alone;
  private final boolean scarce;
  private final Journal journal;
  private final Tally tally;
  private final AtomicInteger callbacksLeft = new AtomicInteger(CALLBACKS);
  // Nulls given to the library, as arguments or by callbacks.
  private final AtomicLong nulls = new AtomicLong();
  private final Set<Throwable> fromCallbacks =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean entered;

  /**
   * @param alone whether one thread at a time makes calls
   * @param scarce whether heap or stack may be all used when a class is used first
   */
  Sequence(long seed, boolean alone, boolean scarce, Journal journal, Tally tally) {
    this.seed = seed;
    this.alone = alone;
    this.scarce = scarce;
    this.journal = journal;
    this.tally = tally;
  }

  /** Returns what a callback throws, which may come out of the call that it is in. */
  Throwable thrownByCallback(Throwable thrown) {
    fromCallbacks.add(thrown);
    return thrown;
  }

  void noteNull() {
    nulls.incrementAndGet();
  }

  void noteEntered() {
    entered = true;
  }

  boolean entered() {
    return entered;
  }

  void count(String... name) {
    tally.count(name);
  }

  void note(String line) {
    journal.note(Thread.currentThread().threadId() + " " + line);
  }

  /** Whether another callback may do something; without an end to it, callbacks call each other. */
  boolean takeCallback() {
    return callbacksLeft.decrementAndGet() > 0;
  }

  /** Starts another thread of this sequence. */
  Thread start(Runnable steps) {
    Thread thread = new Thread(steps, "attack, by a callback");
    threads.add(thread);
    thread.start();
    return thread;
  }

  /** Waits until the threads that were started have ended. */
  void joinAll() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /**
   * Calls a method or a constructor, counts how it ended, and puts what it gave into the pool.
   *
   * @return whether it returned; with a guest behind it: whether the guest ran
   */
  boolean call(
      String name,
      Executable executable,
      @Nullable Object receiver,
      @Nullable Object[] arguments,
      Random random) {
    note(name);
    long nullsBefore = nulls.get() - (hasNull(arguments) ? 1 : 0);
    try {
      Object result =
          executable instanceof Constructor<?> constructor
              ? constructor.newInstance(arguments)
              : ((Method) executable).invoke(receiver, arguments);
      tally.count(Tally.METHOD, name, "returned");
      pool.add(result, random);
      return true;
    } catch (InvocationTargetException e) {
      return threw(name, e.getCause(), nulls.get() > nullsBefore, random);
    } catch (IllegalAccessException | InstantiationException | IllegalArgumentException e) {
      tally.unexpected(seed, "cannot call " + name, e);
      return false;
    }
  }

  private static boolean hasNull(@Nullable Object object) {
    return switch (object) {
      case null -> true;
      case Object[] array -> Arrays.stream(array).anyMatch(Sequence::hasNull);
      case Collection<?> all -> all.stream().anyMatch(Sequence::hasNull);
      case Map<?, ?> map -> hasNull(map.keySet()) || hasNull(map.values());
      default -> false;
    };
  }

  /** Counts what a call threw. */
  boolean threw(String name, Throwable thrown, boolean nullGiven, Random random) {
    tally.count(Tally.METHOD, name, "threw");
    tally.count("thrown", thrown.getClass().getName());
    if (!foreseen(thrown, nullGiven)) {
      tally.unexpected(seed, name, thrown);
    }
    pool.add(thrown, random);
    // A guest that was refused for want of stack has no frames.
    return thrown instanceof TrapException trap
        ? trap.code() != TrapCode.STACK_OVERFLOW || !trap.frames().isEmpty()
        : thrown instanceof WasmtimeException || isOurs(thrown);
  }

  private boolean foreseen(Throwable thrown, boolean nullGiven) {
    return isOurs(thrown) || foreseenOfLibrary(thrown, nullGiven);
  }

  private boolean foreseenOfLibrary(Throwable thrown, boolean nullGiven) {
    return switch (thrown) {
      case WasmtimeException _,
          IllegalStateException _,
          IndexOutOfBoundsException _,
          UnsupportedOperationException _,
          WrongThreadException _,
          NoSuchElementException _,
          IOException _,
          UncheckedIOException _,
          WrongMethodTypeException _,
          StackOverflowError _,
          OutOfMemoryError _ ->
          true;
      case IllegalArgumentException e -> e.getMessage() != null;
      case NullPointerException _ -> nullGiven;
      case UndeclaredThrowableException e -> foreseen(e.getCause(), nullGiven);
      // What a stream throws in the end.
      case OutputException e -> foreseen(e.getCause(), nullGiven);
      case InterruptedException _ -> true;
      // Nothing came back to a pool in time; the error of a result, which is its own.
      case TimeoutException _, ErrException _ -> true;
      // An object that a guest passes on need not be what the interface's method takes.
      case ClassCastException e -> String.valueOf(e.getMessage()).startsWith("Cannot cast");
      // Used first when there was no heap or stack left for it; see ARCHITECTURE.md.
      case NoClassDefFoundError _, ExceptionInInitializerError _ -> scarce;
      default -> false;
    };
  }

  private boolean isOurs(Throwable thrown) {
    return fromCallbacks.contains(thrown)
        || thrown instanceof Injected
        || thrown instanceof InjectedError
        || thrown instanceof InjectedChecked;
  }
}
