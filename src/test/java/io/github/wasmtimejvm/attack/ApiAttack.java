package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Func;
import io.github.wasmtimejvm.Module;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.component.ComponentFunc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Hostile callers: random sequences of calls of all public methods, with good and bad arguments,
 * objects of other stores and engines, closed ones, and callbacks that throw, call on, and close.
 */
final class ApiAttack implements Attack {
  private static final int MAX_STEPS = 40;
  private static final long WARM_UP = 300;

  /** Where a sequence runs. */
  private enum Place {
    PLATFORM_THREAD,
    SMALL_THREAD,
    LARGE_THREAD,
    VIRTUAL_THREAD,
    DEEP_STACK,
    TWO_THREADS,
    INTERRUPTED_THREAD
  }

  private final Journal journal;
  private final AttackKind kind;
  private final boolean components;
  private final List<Executable> api;
  private final List<String> names;
  private final List<Integer> ofComponents;
  private final Path folder;
  private final Path compiled;
  private final Method call;
  private final Method componentCall;
  private final boolean smallHeap = Runtime.getRuntime().maxMemory() < 100 << 20;
  private long run;

  private ApiAttack(Journal journal, AttackKind kind) {
    this.kind = kind;
    this.components = kind == AttackKind.COMPONENT_API;
    this.journal = journal;
    try {
      this.api = PublicApi.executables();
      this.ofComponents =
          IntStream.range(0, api.size()).filter(i -> isOfComponents(api.get(i))).boxed().toList();
      this.names = api.stream().map(PublicApi::name).toList();
      this.call = Func.class.getMethod("call", Object[].class);
      this.componentCall = ComponentFunc.class.getMethod("call", Object[].class);
      this.folder = Files.createTempDirectory("api");
      Files.write(folder.resolve("guest.wasm"), Corpus.ALL.get(0).binary());
      this.compiled = Files.createTempDirectory("compiled").resolve("guest.cwasm");
      try (Engine engine = Engine.create();
          Module module = Module.fromBytes(engine, Corpus.ALL.get(0).binary())) {
        Files.write(compiled, module.serialize());
      }
    } catch (IOException | ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Attacks mostly what is about modules. */
  static ApiAttack ofModules(Journal journal) {
    return new ApiAttack(journal, AttackKind.API);
  }

  /** Attacks mostly what is about components. */
  static ApiAttack ofComponents(Journal journal) {
    return new ApiAttack(journal, AttackKind.COMPONENT_API);
  }

  @Override
  public void run(long seed, Tally tally) throws InterruptedException {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    // What is used first where there is no room for it stays unusable, so first of all with room.
    Place place =
        run++ < WARM_UP || random.nextInt(3) == 0
            ? Place.PLATFORM_THREAD
            : Place.values()[random.nextInt(Place.values().length)];
    tally.count("place", place.name());
    Sequence sequence =
        new Sequence(
            seed,
            place != Place.TWO_THREADS,
            smallHeap || place == Place.DEEP_STACK || place == Place.SMALL_THREAD,
            journal,
            tally);
    Driver driver = new Driver(sequence, SmallStack.BY_DEFAULT || place == Place.SMALL_THREAD);
    Runnable all = () -> driver.all(random);
    switch (place) {
      case PLATFORM_THREAD -> run(all, 0);
      case SMALL_THREAD -> run(all, 512 << 10);
      case LARGE_THREAD -> run(all, 8 << 20);
      case VIRTUAL_THREAD -> Thread.ofVirtual().start(all).join();
      case DEEP_STACK -> run(() -> deep(random.nextInt(40_000), all), 1 << 20);
      case TWO_THREADS -> {
        Random other = new Random(random.nextLong());
        run(
            () -> {
              World.build(sequence, driver.callbacks, random, SmallStack.BY_DEFAULT, components);
              Thread second = new Thread(() -> driver.steps(other));
              second.start();
              driver.steps(random);
              join(second);
              driver.end(random);
            },
            1 << 20);
      }
      case INTERRUPTED_THREAD -> {
        Thread thread = new Thread(null, all, "attack", 1 << 20);
        thread.start();
        while (!thread.join(java.time.Duration.ofNanos(random.nextInt(3_000_000)))) {
          thread.interrupt();
        }
      }
    }
    sequence.joinAll();
    if (sequence.entered()) {
      tally.count(Tally.ENTERED, kind.toString());
    }
  }

  // Values are made by other calls, where they are wanted.
  private static boolean isOfComponents(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    return type.getPackage() == ComponentFunc.class.getPackage() && !type.isRecord();
  }

  private static void run(Runnable all, long stack) {
    Thread thread = new Thread(null, all, "attack", stack);
    thread.start();
    join(thread);
  }

  private static void join(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        // it ends all the same
      }
    }
  }

  private static void deep(int frames, Runnable all) {
    if (frames == 0) {
      all.run();
      return;
    }
    try {
      deep(frames - 1, all);
    } catch (StackOverflowError e) {
      if (frames % 64 == 0) {
        all.run(); // as near to the end as there is room for
      } else {
        throw e;
      }
    }
  }

  /** The steps of one sequence. */
  private final class Driver {
    final Sequence sequence;
    final Callbacks callbacks;
    final Arguments arguments;
    final boolean smallStack;

    Driver(Sequence sequence, boolean smallStack) {
      this.smallStack = smallStack;
      this.sequence = sequence;
      this.callbacks =
          new Callbacks(
              sequence,
              new Callbacks.Nested() {
                @Override
                public void steps(Random random, int depth) {
                  for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    step(random, depth);
                  }
                }

                @Override
                public void use(Object object, Random random, int depth) {
                  Driver.this.use(object, random, depth);
                }
              });
      this.arguments = new Arguments(sequence, callbacks, api, folder, compiled);
    }

    void all(Random random) {
      guarded(
          random,
          () -> {
            World.build(sequence, callbacks, random, smallStack, components);
            call(random);
          });
      steps(random);
      end(random);
    }

    void steps(Random random) {
      for (int n = random.nextInt(MAX_STEPS); n > 0; n--) {
        guarded(random, () -> step(random, 0));
      }
    }

    // The driver's own frames may be where the stack or the heap ends.
    private void guarded(Random random, Runnable step) {
      try {
        step.run();
      } catch (StackOverflowError | OutOfMemoryError e) {
        sequence.count("driver", e.getClass().getSimpleName());
      } catch (Throwable t) {
        sequence.threw("driver", t, false, random);
      }
    }

    void end(Random random) {
      Thread.interrupted();
      List<Object> all = sequence.pool.all();
      Collections.shuffle(all, random);
      for (Object object : all) {
        // What is left is for the Cleaner.
        if (object instanceof AutoCloseable closeable && random.nextInt(5) > 0) {
          guarded(random, () -> close(closeable, random));
        }
      }
      Thread.interrupted();
    }

    private void closeOne(Random random) {
      AutoCloseable any = sequence.pool.any(AutoCloseable.class, random);
      if (any != null) {
        close(any, random);
      }
    }

    private void close(AutoCloseable closeable, Random random) {
      sequence.note("close " + closeable.getClass().getSimpleName());
      try {
        closeable.close();
      } catch (IllegalStateException | WrongThreadException inUse) {
        sequence.count("not closed", closeable.getClass().getSimpleName());
      } catch (Exception e) {
        sequence.threw("close", e, false, random);
      }
    }

    void step(Random random, int depth) {
      Store store = sequence.pool.any(Store.class, random);
      if (store != null && random.nextInt(4) == 0) {
        World.bound(store, random);
      }
      if (random.nextInt(20) == 0) {
        closeOne(random);
      }
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> call(random);
        case 3 -> callTyped(random);
        case 4 -> {
          touch(random);
          touch(random);
        }
        case 5, 6 -> {
          Object any = sequence.pool.any(Object.class, random);
          for (int n = components ? 5 : 0; n > 0 && !isOfComponents(any); n--) {
            any = sequence.pool.any(Object.class, random);
          }
          if (any != null) {
            use(any, random, depth);
          }
        }
        default -> callAny(random, depth);
      }
    }

    private static boolean isOfComponents(@Nullable Object object) {
      return object != null && object.getClass().getPackage() == ComponentFunc.class.getPackage();
    }

    private void call(Random random) {
      if (random.nextInt(8) > 0 == components) {
        callComponent(random);
      } else {
        callGuest(random);
      }
    }

    private void callComponent(Random random) {
      if (sequence.componentFunctions.isEmpty()) {
        if (sequence.takeCallback()) {
          new ComponentWorld(sequence, callbacks, random).again();
        }
        return;
      }
      List<ComponentFunc> all = List.copyOf(sequence.componentFunctions);
      if (all.isEmpty()) {
        return; // another thread has found them of no use
      }
      ComponentFunc func = all.get(random.nextInt(all.size()));
      ComponentValues values =
          ComponentWorld.values(sequence, random, random.nextInt(4) == 0 ? 6 : 0);
      boolean ran =
          sequence.call(
              "ComponentFunc.call(Object[])",
              componentCall,
              func,
              new Object[] {values.of(func.type().params())},
              random);
      sequence.count("component call", ran ? "returned or trapped" : "refused");
      if (ran) {
        sequence.noteEntered();
      } else if (random.nextInt(3) == 0) {
        sequence.componentFunctions.clear(); // there will be new ones
      }
    }

    private void callGuest(Random random) {
      if (sequence.guests.isEmpty()) {
        return;
      }
      Func func = sequence.guests.get(random.nextInt(sequence.guests.size()));
      boolean ran =
          sequence.call(
              "Func.call(Object[])",
              call,
              func,
              new Object[] {arguments.forCall(func, random)},
              random);
      sequence.count("guest call", ran ? "returned or trapped" : "refused");
      if (ran) {
        sequence.noteEntered();
      }
    }

    private void callTyped(Random random) {
      List<Class<?>> shapes =
          random.nextInt(4) > 0 == components ? ComponentShapes.ALL : Shapes.GOOD;
      Class<?> shape = shapes.get(random.nextInt(shapes.size()));
      Object typed = sequence.pool.any(shape, random);
      for (int n = 3; n > 0 && typed == null; n--) {
        shape = shapes.get(random.nextInt(shapes.size()));
        typed = sequence.pool.any(shape, random);
      }
      MethodHandle handle = sequence.pool.any(MethodHandle.class, random);
      if (typed != null && !java.lang.reflect.Proxy.isProxyClass(typed.getClass())) {
        for (Method method : shape.getMethods()) {
          if (!Modifier.isStatic(method.getModifiers())) {
            sequence.call(
                "typed call", method, typed, arguments.of(method, null, random, 3), random);
          }
        }
      } else if (handle != null) {
        List<@Nullable Object> values = new ArrayList<>();
        for (Class<?> type : handle.type().parameterList()) {
          values.add(
              type == int.class ? (Object) random.nextInt(100) : type == long.class ? 1L : null);
          if (!type.isPrimitive()) {
            sequence.noteNull();
          }
        }
        sequence.note("handle " + handle.type());
        try {
          sequence.pool.add(handle.invokeWithArguments(values), random);
          sequence.count(Tally.METHOD, "call of a handle", "returned");
        } catch (ClassCastException | NullPointerException unsuitable) {
          sequence.count(Tally.METHOD, "call of a handle", "threw");
        } catch (Throwable t) {
          sequence.threw("call of a handle", t, true, random);
        }
      }
    }

    private void touch(Random random) {
      MemorySegment segment = sequence.pool.any(MemorySegment.class, random);
      if (segment == null || segment.isReadOnly()) {
        return;
      }
      sequence.note("segment of " + segment.byteSize());
      try {
        long size = segment.byteSize();
        long at = random.nextBoolean() ? size - 1 : random.nextLong(size + 2);
        segment.set(ValueLayout.JAVA_BYTE, at, (byte) (segment.get(ValueLayout.JAVA_BYTE, at) + 1));
        sequence.count(Tally.METHOD, "access to a segment", "returned");
      } catch (RuntimeException e) {
        sequence.threw("access to a segment", e, false, random);
      }
    }

    // One of its methods, for some objects are too rare to be found by choosing methods.
    private void use(Object object, Random random, int depth) {
      List<Integer> suitable = new ArrayList<>();
      for (int i = 0; i < api.size(); i++) {
        if (api.get(i) instanceof Method method
            && !Modifier.isStatic(method.getModifiers())
            && method.getDeclaringClass().isInstance(object)) {
          suitable.add(i);
        }
      }
      if (!suitable.isEmpty()) {
        call(suitable.get(random.nextInt(suitable.size())), object, random, depth);
      }
    }

    private void callAny(Random random, int depth) {
      int index =
          components && random.nextBoolean()
              ? ofComponents.get(random.nextInt(ofComponents.size()))
              : random.nextInt(api.size());
      Object receiver = null;
      if (api.get(index) instanceof Method method && !Modifier.isStatic(method.getModifiers())) {
        receiver = sequence.pool.any(method.getDeclaringClass(), random);
        if (receiver == null) {
          receiver = arguments.receiver(method.getDeclaringClass(), random, depth);
        }
        if (receiver == null) {
          return;
        }
      }
      call(index, receiver, random, depth);
    }

    private void call(int index, @Nullable Object receiver, Random random, int depth) {
      Executable executable = api.get(index);
      sequence.call(
          names.get(index),
          executable,
          receiver,
          arguments.of(executable, receiver, random, depth),
          random);
      Store store = sequence.pool.any(Store.class, random);
      if (store != null && executable.getName().startsWith("create")) {
        World.bound(store, random);
      }
    }
  }
}
