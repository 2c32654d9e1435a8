package io.github.wasmtimejvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.wasmtimejvm.attack.PublicApi;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each public method that changes something and throws has changed nothing, and kept nothing. */
class NothingHalfDoneTest {
  private static final Map<Class<?>, Supplier<Object>> BUILDERS =
      Map.of(
          EngineBuilder.class, Engine::builder,
          PoolingAllocation.Builder.class, PoolingAllocation::builder,
          UntrustedGuests.Builder.class, UntrustedGuests::builder,
          WasiConfig.Builder.class, WasiConfig::builder);

  @TempDir Path folder;

  @Test
  void whatThrowsHasChangedNothing() throws Exception {
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, List<ChangeCases.Failing>> method : ChangeCases.all().entrySet()) {
      try (ChangeWorld world = new ChangeWorld(folder)) {
        int number = 0;
        for (ChangeCases.Failing failing : method.getValue()) {
          String which = method.getKey() + ", case " + number++;
          Map<String, Object> before = world.look();
          assertThat(catchThrowable(() -> failing.call(world))).as(which).isNotNull();
          Map<String, Object> after = world.look();
          for (String seen : before.keySet()) {
            if (!isLeft(seen, before.get(seen), after.get(seen))) {
              changed.add(which + ": " + before.get(seen) + " is now " + after.get(seen));
            }
          }
        }
      }
    }
    assertThat(changed).isEmpty();
  }

  // Of the process's handles, the Cleaner may give back some that others have forgotten.
  private static boolean isLeft(String seen, Object before, Object after) {
    return seen.equals(ChangeWorld.HANDLES)
        ? (Integer) after <= (Integer) before
        : before.equals(after);
  }

  /** The settings of builders: wrong arguments of every kind, alone and behind a right one. */
  @Test
  void aBuilderThatRefusesIsAsItWas() throws Exception {
    List<String> refused = new ArrayList<>();
    for (Executable executable : PublicApi.executables()) {
      if (isSetting(executable)) {
        for (Object[] arguments : wrong(executable.getParameterTypes())) {
          Object builder = BUILDERS.get(executable.getDeclaringClass()).get();
          String before = ChangeWorld.fields(builder);
          try {
            ((Method) executable).invoke(builder, arguments);
          } catch (InvocationTargetException e) {
            refused.add(executable.getName());
            assertThat(ChangeWorld.fields(builder))
                .as(PublicApi.name(executable) + Arrays.toString(arguments))
                .isEqualTo(before);
          }
        }
      }
    }
    assertThat(refused)
        .contains("args", "env", "stdinFile", "inFront", "maxWasmStack", "totalMemories", "memory");
  }

  private static boolean isSetting(Executable executable) {
    return executable instanceof Method method
        && BUILDERS.containsKey(method.getDeclaringClass())
        && method.getReturnType() == method.getDeclaringClass()
        && !Modifier.isStatic(method.getModifiers());
  }

  private static List<Object[]> wrong(Class<?>[] types) {
    List<Object[]> all = new ArrayList<>();
    for (int at = 0; at < types.length; at++) {
      for (Object wrong : wrong(types[at])) {
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
          arguments[i] = i == at ? wrong : right(types[i]);
        }
        all.add(arguments);
      }
    }
    return all;
  }

  private static List<@Nullable Object> wrong(Class<?> type) {
    List<@Nullable Object> wrong = new ArrayList<>();
    if (type == int.class) {
      wrong.add(-1);
      wrong.add(Integer.MIN_VALUE);
    } else if (type == long.class) {
      wrong.add(-1L);
      wrong.add(Long.MAX_VALUE);
    } else if (type == boolean.class) {
      wrong.add(true);
    } else {
      wrong.add(null);
    }
    if (type == String.class) {
      wrong.addAll(List.of("", "a=b", "zero\0", ChangeWorld.NO_TEXT));
    } else if (type == String[].class) {
      wrong.add(new String[] {"right", "zero\0"});
      wrong.add(new String[] {"right", null});
    } else if (type == List.class) {
      wrong.add(List.of("right", ChangeWorld.NO_TEXT));
      wrong.add(Arrays.asList("right", null));
    }
    return wrong;
  }

  private static @Nullable Object right(Class<?> type) {
    if (type == String.class) {
      return "name";
    }
    if (type == Path.class) {
      return Path.of("file");
    }
    return type == boolean.class ? Boolean.TRUE : null;
  }

  /** So that one that is added is looked at. */
  @Test
  void everyPublicMethodIsTriedOrKnownToHaveNoHalf() throws Exception {
    Set<String> known = new TreeSet<>(ChangeCases.all().keySet());
    Set<String> listed = listed();
    for (String method : listed) {
      assertThat(known.add(method)).as("tried, so not to be listed: " + method).isTrue();
    }
    Set<String> all =
        PublicApi.executables().stream()
            .filter(executable -> !isSetting(executable) && !isValue(executable))
            .map(PublicApi::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(known).isEqualTo(all);
  }

  // Records, enums, and what every object has.
  private static boolean isValue(Executable executable) {
    Class<?> type = executable.getDeclaringClass();
    return type.isRecord()
        || type.isEnum() && Modifier.isStatic(executable.getModifiers())
        || Set.of("equals", "hashCode", "toString").contains(executable.getName());
  }

  private static Set<String> listed() throws IOException {
    try (InputStream text = NothingHalfDoneTest.class.getResourceAsStream("without-half.txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
