// prints: 42
class CachedModule {
  public static void main(String[] args) throws Exception {
    String guest = "(module (func (export \"answer\") (result i32) i32.const 42))";
    Files.write(Path.of("program.wasm"), Module.wat2wasm(guest));
    try (Engine engine = Engine.create();
        Store store = Store.create(engine)) {
      // block
      System.out.println(Instance.create(store, module).func("answer").call());
      module.close();
    }
  }
}
