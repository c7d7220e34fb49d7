//! Images hold what was compiled, and compiling again gives the same bytes (I1 to I3).

use cors_core::{CompileError, ImageError, Policy, PolicyBuf};
use cors_testing::strategies::{self, cases};
use cors_testing::{OwnedConfig, OwnedConfigExt};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn images_are_read_back(config in strategies::config()) {
        let image = config.compile();
        prop_assert_eq!(&image, &config.compile(), "the same bytes each time");
        let policy = Policy::from_bytes(&image)?;
        prop_assert_eq!(policy.as_bytes(), &image);

        let read_back = OwnedConfig::from(policy);
        prop_assert_eq!(&read_back.allow_origins, &config.allow_origins);
        prop_assert_eq!(read_back.max_age, config.max_age);
        prop_assert_eq!(read_back.preflight_status, config.preflight_status);
        prop_assert_eq!(read_back.allow_credentials, config.allow_credentials);
        prop_assert_eq!(read_back.allow_private_network, config.allow_private_network);
        prop_assert_eq!(&read_back.accept_risks, &config.accept_risks);
        prop_assert_eq!(read_back.compile(), image);
    }

    #[test]
    fn only_the_length_of_the_buffer_matters(config in strategies::config(), more in 1..64_usize, fill: u8) {
        let image = config.compile();
        config.with(|config| {
            let mut buffer = vec![fill; image.len() + more];
            let compiled = config.compile_into(&mut buffer).map(|policy| policy.as_bytes().to_vec());
            prop_assert_eq!(compiled.as_ref(), Ok(&image));
            prop_assert!(buffer[image.len()..].iter().all(|&byte| byte == fill), "written after the image");

            let mut buffer = vec![fill; image.len() - 1];
            let error = config.compile_into(&mut buffer).map(|_| ()).unwrap_err();
            prop_assert_eq!(error, CompileError::BufferTooSmall { needed: image.len() });
            Ok(())
        })?;

        let mut longer = image.clone();
        longer.resize(image.len() + more, fill);
        let too_long = ImageError::TooLong { expected: image.len(), actual: longer.len() };
        prop_assert_eq!(Policy::from_bytes(&longer), Err(too_long));
    }

    /// I1: an image may lie anywhere.
    #[test]
    fn images_need_no_alignment(case in strategies::decision_case(2), at in 1..8_usize) {
        let image = case.config.compile();
        let mut elsewhere = vec![0xff; at];
        elsewhere.extend(&image);
        let (policy, moved) = (Policy::from_bytes(&image)?, Policy::from_bytes(&elsewhere[at..])?);
        prop_assert_eq!(policy, moved);
        for message in &case.messages {
            let request = message.request();
            let (here, there) = (policy.evaluate(&request), moved.evaluate(&request));
            prop_assert_eq!(here.verdict(), there.verdict());
            prop_assert!(here.fields().eq(there.fields()));
        }
    }

    #[test]
    fn owned_policies_are_the_same(config in strategies::config()) {
        const ROOM: usize = 512;
        let image = config.compile();
        config.with(|config| {
            let fits = image.len() <= ROOM;
            let compiled = PolicyBuf::<ROOM>::compile(config);
            let copied = PolicyBuf::<ROOM>::from_bytes(&image);
            prop_assert_eq!(copied.is_ok(), fits);
            match (compiled, copied) {
                (Ok(compiled), Ok(copied)) => {
                    prop_assert_eq!(compiled.policy().as_bytes(), &image);
                    prop_assert_eq!(copied, compiled);
                }
                (Err(error), Err(image_error)) => {
                    let needed = image.len();
                    prop_assert_eq!(error, CompileError::BufferTooSmall { needed });
                    prop_assert_eq!(image_error, ImageError::BufferTooSmall { needed });
                }
                (compiled, copied) => prop_assert!(false, "{:?} {:?}", compiled, copied),
            }
            Ok(())
        })?;
    }
}
