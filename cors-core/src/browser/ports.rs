//! Ports to which browsers send no request (FS, "port blocking").

use crate::browser::engine::{Engine, Rule};

/// The standard's bad ports, in order. Those that an engine leaves out are departures.
static UNSAFE: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

pub(crate) fn is_unsafe(port: u16, engine: Engine) -> bool {
    UNSAFE.binary_search(&port).is_ok() && !engine.departs(Rule::AsksPort(port))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each of the 65,536 ports was asked in each engine.
    #[test]
    fn ports() {
        let count = |engine| (0..=u16::MAX).filter(|&port| is_unsafe(port, engine)).count();
        assert_eq!(Engine::ALL.map(count), [83, 81, 83, 83]);
        for port in [0, 1, 22, 25, 110, 143, 993, 2049, 6000, 6665, 6669, 6697, 10080] {
            assert!(Engine::ALL.iter().all(|&engine| is_unsafe(port, engine)), "{port}");
        }
        for port in [2, 80, 443, 3000, 3306, 5432, 5900, 6001, 6379, 8000, 8080, 9000, 10081, 65535] {
            assert!(!Engine::ALL.iter().any(|&engine| is_unsafe(port, engine)), "{port}");
        }
        for port in [4190, 6679] {
            assert_eq!(
                Engine::ALL.map(|engine| is_unsafe(port, engine)),
                [true, false, true, true],
                "{port}"
            );
        }
    }
}
