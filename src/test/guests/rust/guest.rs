use std::{env, fs, io, process};

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("hello") => {
            println!("hello from Rust");
            eprintln!("Rust complains");
        }
        Some("args") => args[2..].iter().for_each(|arg| println!("[{}]", arg)),
        Some("env") => {
            let value = |name| env::var(name).unwrap_or("absent".to_string());
            println!("{}, {}", value("GREETING"), value("ABSENT"));
        }
        Some("file") => {
            let text = fs::read_to_string("/data/in.txt")?;
            fs::write("/data/out.txt", format!("Rust read: {}", text))?;
        }
        Some("exit") => process::exit(args[2].parse().expect("a number")),
        Some("crash") => panic!("Rust crashes"),
        Some("return") => {}
        _ => process::exit(64),
    }
    Ok(())
}
