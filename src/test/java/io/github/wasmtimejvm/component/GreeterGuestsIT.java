package io.github.wasmtimejvm.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.wasmtimejvm.Engine;
import io.github.wasmtimejvm.Store;
import io.github.wasmtimejvm.testing.BuiltComponents;
import io.github.wasmtimejvm.wasi.WasiConfig;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One world in three languages, bound to one Java interface. Programs in Rust, Go, Zig and others
 * are commands: {@code ComponentCommandsIT} runs them.
 */
class GreeterGuestsIT {
  public record Person(String name, List<String> languages) {
    Person(String name, String... languages) {
      this(name, List.of(languages));
    }
  }

  public enum Mood {
    FORMAL,
    FRIENDLY,
    TIRED
  }

  public static final class NobodyException extends ErrException {
    private static final long serialVersionUID = 1;

    public NobodyException(String error) {
      super(error);
    }
  }

  @WitName("example:greeter/greeter@1.0.0")
  public interface Greeter {
    String greet(Person who, Mood mood) throws NobodyException;

    List<String> greetAll(List<Person> people);

    List<String> languages(List<Person> people);
  }

  /** The same function as a value. */
  @WitName("example:greeter/greeter@1.2.0")
  public interface Greetings {
    Result<String, String> greet(Person who, Mood mood);
  }

  public interface Greeting {
    Greeter greeter();

    String language();

    byte[] echo(byte[] bytes);
  }

  private static Engine engine;
  private static ComponentLinker linker;

  @BeforeAll
  static void createEngine() {
    engine = Engine.create();
    linker = ComponentLinker.create(engine);
    linker.defineWasi();
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({"greeter-c, C", "greeter-js, JavaScript", "greeter-python, Python"})
  void aWorldIsAJavaInterface(String name, String language) throws NobodyException {
    try (Component component = BuiltComponents.compile(engine, name);
        Store store = Store.create(engine)) {
      WasiConfig.builder().build().applyTo(store);
      ComponentInstance instance = linker.instantiate(store, component);
      Greeting world = instance.as(Greeting.class);
      Greeter greeter = world.greeter();
      Person ada = new Person("Ada", "English", "French");
      Person zoe = new Person("Zoë 🎈", "French", "日本語");
      Person nobody = new Person("");

      assertThat(world.language()).isEqualTo(language);
      byte[] bytes = new byte[100_000];
      new Random(1).nextBytes(bytes);
      assertThat(world.echo(bytes)).isEqualTo(bytes);
      assertThat(world.echo(new byte[0])).isEmpty();
      assertThat(greeter.greet(ada, Mood.FORMAL)).isEqualTo("Good day, Ada, from " + language);
      assertThat(greeter.greet(zoe, Mood.FRIENDLY)).isEqualTo("Hello, Zoë 🎈, from " + language);
      assertThat(greeter.greet(ada, Mood.TIRED)).isEqualTo("Oh, Ada, from " + language);
      assertThat(greeter.greetAll(List.of(ada, nobody, zoe)))
          .containsExactly("Hello, Ada, from " + language, "Hello, Zoë 🎈, from " + language);
      assertThat(greeter.greetAll(List.of())).isEmpty();
      assertThat(greeter.languages(List.of(ada, zoe, nobody)))
          .containsExactly("English", "French", "日本語");

      assertThatExceptionOfType(NobodyException.class)
          .isThrownBy(() -> greeter.greet(nobody, Mood.FORMAL))
          .satisfies(e -> assertThat(e.error()).isEqualTo("a person without a name"));
      Greetings values = instance.as(Greetings.class);
      assertThat(values.greet(nobody, Mood.TIRED)).isEqualTo(Result.err("a person without a name"));
      assertThat(values.greet(ada, Mood.TIRED)).isEqualTo(Result.ok("Oh, Ada, from " + language));

      assertThatIllegalArgumentException()
          .isThrownBy(() -> greeter.greetAll(List.of(ada, new Person("half \ud800"))))
          .withMessageContaining("parameter people");
      assertThat(greeter.greetAll(List.of(ada))).as("it goes on").hasSize(1);
    }
  }
}
