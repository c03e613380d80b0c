from small_company import small_company, small_trained_home, untrained_company

__all__ = ["small_company", "small_trained_home", "untrained_company"]
