"""The pages of stock. `stock_lists`: stock that runs out and stock that lies; `stock_value_page`: what it is worth."""
