package io.github.wasmtimejvm.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wasmtimejvm.build.CallGraph.Node;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CallGraphTest {
  private static CallGraph graph;

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    graph =
        new CallGraph(
            Path.of(CallGraph.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
            node -> node.name().equals("plainString"));
  }

  @Test
  void seesACall() {
    assertThat(reaches("directly", "direct goal")).isTrue();
    assertThat(reaches("directly", "lambda goal")).isFalse();
  }

  @Test
  void seesALambdaAndAMethodReference() {
    assertThat(reaches("byLambda", "lambda goal")).isTrue();
    assertThat(reaches("byMethodReference", "reference goal")).isTrue();
    assertThat(reaches("byBoundReference", "small goal")).isTrue();
  }

  @Test
  void seesEveryMethodThatMayOverride() {
    assertThat(reaches("byInterface", "small goal")).isTrue();
    assertThat(reaches("byInterface", "large goal")).isTrue();
    assertThat(reaches("byInterface", "inherited goal")).isTrue();
  }

  @Test
  void seesWhatAnObjectDoesForTheJdk() {
    assertThat(reaches("byAnonymousClass", "anonymous goal")).isTrue();
    assertThat(reaches("byMaking", "close goal")).isFalse();
  }

  @Test
  void seesOnlyWhatTheFieldThatIsReadWasMadeOf() {
    assertThat(reaches("byField", "first goal")).isTrue();
    assertThat(reaches("byField", "second goal")).isFalse();
    assertThat(reaches("byConstant", "constant goal")).isTrue();
    assertThat(reaches("byConstant", "other constant goal")).isFalse();
  }

  @Test
  void seesWhatTouchingAClassStarts() {
    assertThat(reaches("byTouch", "initializer goal")).isTrue();
  }

  @Test
  void seesMethodsThatAreLookedUpByName() {
    assertThat(reaches("byName", "named goal")).isTrue();
  }

  @Test
  void takesAStringForNoMoreWhereItIsToldTo() {
    assertThat(reaches("plainString", "plain goal")).isFalse();
    assertThat(reaches("plainString", "direct goal")).isTrue();
  }

  @Test
  void countsTheStepsOfTheShortestWay() {
    assertThat(graph.reachedFrom(start("directly"))).containsEntry(Node.string("direct goal"), 2);
  }

  @Test
  void knowsWhoSharesAField() {
    Node setter = method(Setting.class, "set", "(I)V");

    assertThat(graph.sharingFieldsWith(setter))
        .contains(method(Setting.class, "get", "()I"))
        .doesNotContain(method(Setting.class, "other", "()I"));
  }

  private static boolean reaches(String from, String goal) {
    Node start = start(from);
    assertThat(graph.has(start)).isTrue();
    return graph.reachedFrom(start).containsKey(Node.string(goal));
  }

  private static Node start(String name) {
    return method(Starts.class, name, "()V");
  }

  private static Node method(Class<?> type, String name, String descriptor) {
    return new Node(type.getName().replace('.', '/'), name, descriptor);
  }

  static void goal(Object text) {}

  /** Where the ways start. */
  static final class Starts {
    static void directly() {
      Goals.direct();
    }

    static void byLambda() {
      Runnable lambda = () -> goal("lambda goal");
      lambda.run();
    }

    static void byMethodReference() {
      Runnable reference = Goals::reference;
      reference.run();
    }

    static void byBoundReference() {
      Sized sized = new Small();
      IntSupplier size = sized::size;
      goal(size);
    }

    static void byInterface() {
      Sized sized = new Small();
      goal(sized.size());
    }

    static void byAnonymousClass() {
      new Thread(
          new Runnable() {
            @Override
            public void run() {
              goal("anonymous goal");
            }
          });
    }

    static void byMaking() {
      goal(new Closing());
    }

    static void byField() {
      goal(Fields.FIRST);
    }

    static void byConstant() {
      goal(Constants.ONE);
    }

    static void byTouch() {
      Initialized.touch();
    }

    static void byName() throws ReflectiveOperationException {
      MethodHandle named =
          MethodHandles.lookup()
              .findStatic(Named.class, "named", MethodType.methodType(void.class));
      goal(named);
    }

    static void plainString() {
      goal("plain goal");
      Goals.direct();
    }
  }

  static final class Goals {
    static void direct() {
      goal("direct goal");
    }

    static void reference() {
      goal("reference goal");
    }
  }

  interface Sized {
    int size();
  }

  static final class Small implements Sized {
    @Override
    public int size() {
      goal("small goal");
      return 0;
    }
  }

  static class Large implements Sized {
    @Override
    public int size() {
      goal("large goal");
      return 1;
    }
  }

  static final class Largest extends Large {
    @Override
    public int size() {
      goal("inherited goal");
      return super.size() + 1;
    }
  }

  static final class Closing implements AutoCloseable {
    @Override
    public void close() {
      goal("close goal");
    }
  }

  static final class Fields {
    static final Object FIRST = make("first goal");
    static final Object SECOND = make("second goal");

    private static Object make(String text) {
      return text + text.length();
    }
  }

  enum Constants {
    ONE(() -> "constant goal"),
    TWO(() -> "other constant goal");

    final Supplier<String> text;

    Constants(Supplier<String> text) {
      this.text = text;
    }
  }

  static final class Initialized {
    static {
      goal("initializer goal");
    }

    static void touch() {}
  }

  static final class Named {
    static void named() {
      goal("named goal");
    }
  }

  static final class Setting {
    private int value;
    private int other;

    void set(int value) {
      this.value = value;
    }

    int get() {
      return value;
    }

    int other() {
      return other;
    }
  }
}
