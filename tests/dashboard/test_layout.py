"""What every page has, as it is seen, typed at and heard."""


def test_the_token_does_not_stay_in_the_address(coach, served):
    coach.sees("Athletes")
    assert coach.path == "/"
    coach.open("/")
    coach.sees("Athletes")
    assert served.root + "/" == coach.browser.current_url
