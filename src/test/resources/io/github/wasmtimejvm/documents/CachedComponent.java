// prints: 42
public class CachedComponent {
  /** What the component exports. */
  public interface Guest {
    long answer();
  }

  private static final String GUEST =
      """
      (component
        (core module $code (func (export "answer") (result i32) i32.const 42))
        (core instance $code (instantiate $code))
        (func (export "answer") (result u32) (canon lift (core func $code "answer"))))
      """;

  public static void main(String[] args) throws Exception {
    Files.write(Path.of("program.wasm"), Module.wat2wasm(GUEST));
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      // block
      ComponentLinker linker = ComponentLinker.create(engine);
      System.out.println(linker.instantiate(store, component).as(Guest.class).answer());
      component.close();
    }
  }
}
